// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

#include <optional>
#include <string>
#include <vector>

namespace directory {

/// What a name on the command line means.
struct FoundName {
  std::string organization;
  std::string directory;
  std::string id;    ///< of a person or group; empty for a directory
  std::string name;  ///< display name

  /// The path of its resource: below `kind`, `people` say.
  [[nodiscard]] std::string path(const std::string& kind,
                                 const std::vector<std::string>& further = {}) const;
};

/// The directory of this name or ORGANIZATION/NAME. Like the others: one that is not there, or
/// several of one name, are reported to the session.
[[nodiscard]] std::optional<FoundName> find_directory(AdminSession& session,
                                                      const std::string& name);

/// The person who has this address, or this id. `--directory` narrows where to look.
[[nodiscard]] std::optional<FoundName> find_person(AdminSession& session,
                                                   const AdminOptions& options,
                                                   const std::string& address);

/// The group of this display name, or this id.
[[nodiscard]] std::optional<FoundName> find_group(AdminSession& session,
                                                  const AdminOptions& options,
                                                  const std::string& name);

}  // namespace directory
