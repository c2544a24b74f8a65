// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/url.h"
#include "policy/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Where the services of one Microsoft cloud are: origins without a trailing slash.
/// https://learn.microsoft.com/graph/deployments
struct CloudEndpoints {
  std::string login;     ///< https://login.microsoftonline.com
  std::string graph;     ///< https://graph.microsoft.com
  std::string exchange;  ///< https://outlook.office365.com
  /// A PEM file of authorities that are trusted instead of the system's; empty for the system's.
  std::filesystem::path authorities;
  /// What the next hop of a domain must end with, with the dot before it; more than one for some
  /// clouds. Empty for a cloud given by URLs: any host name will do.
  std::vector<std::string> mx_suffixes;

  friend bool operator==(const CloudEndpoints&, const CloudEndpoints&) = default;
};

/// The endpoints of `global`, `us-gov-high`, `us-gov-dod` or `china`; nothing for another name.
[[nodiscard]] std::optional<CloudEndpoints> cloud_named(std::string_view name);

/// Reads the URL of a service: an origin, with or without a trailing slash. Plain http, which would
/// give the token away, is for loopback only. `what` names the setting in the error.
[[nodiscard]] policy::Result<Url> check_endpoint(std::string_view text, std::string_view what);

}  // namespace directory
