// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace tests::microsoft {

/// How a question about a mailbox is refused.
struct MailboxFailure {
  unsigned status = 403;
  std::string code = "ErrorAccessDenied";
};

/// What a test set of one user's settings; everything else is as usual.
struct MailboxSettings {
  std::optional<json::array> methods;  ///< of authentication
  std::optional<json::array> calendar_permissions;
  std::optional<json::array> message_rules;
  std::optional<std::string> purpose;
  /// By `methods`, `calendar`, `rules`, `purpose` or `mail`.
  std::map<std::string, MailboxFailure> failures;
};

/// What posture findings look at besides people and domains. Objects are as Graph has them.
struct PostureState {
  std::map<std::string, MailboxSettings> mailboxes;  ///< by the id of the user
  json::array applications;
  json::array service_principals;  ///< besides our own
  json::array grants;              ///< oauth2PermissionGrants
  json::object role_assignments;   ///< lists of appRoleAssignments by id of service principal
  json::object organization;       ///< properties that are not as usual
  std::size_t page_size = 0;       ///< of these lists; 0: as asked
};

}  // namespace tests::microsoft
