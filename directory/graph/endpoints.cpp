// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/endpoints.h"

#include "directory/http/url.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace directory {

std::optional<CloudEndpoints> cloud_named(std::string_view name) {
  static const std::array<std::pair<std::string_view, CloudEndpoints>, 4> kClouds{
      {{"global",
        {.login = "https://login.microsoftonline.com",
         .graph = "https://graph.microsoft.com",
         .exchange = "https://outlook.office365.com",
         .authorities = {},
         .mx_suffixes = {".mail.protection.outlook.com", ".mx.microsoft"}}},
       {"us-gov-high",
        {.login = "https://login.microsoftonline.us",
         .graph = "https://graph.microsoft.us",
         .exchange = "https://outlook.office365.us",
         .authorities = {},
         .mx_suffixes = {".mail.protection.office365.us"}}},
       {"us-gov-dod",
        {.login = "https://login.microsoftonline.us",
         .graph = "https://dod-graph.microsoft.us",
         .exchange = "https://outlook-dod.office365.us",
         .authorities = {},
         .mx_suffixes = {".mail.protection.office365.us"}}},
       {"china",
        {.login = "https://login.chinacloudapi.cn",
         .graph = "https://microsoftgraph.chinacloudapi.cn",
         .exchange = "https://outlook.office365.cn",
         .authorities = {},
         .mx_suffixes = {".mail.protection.partner.outlook.cn"}}}}};
  const auto* const found = std::ranges::find(
      kClouds, name, &std::pair<std::string_view, CloudEndpoints>::first);
  return found == kClouds.end() ? std::nullopt : std::optional{found->second};
}

policy::Result<Url> check_endpoint(std::string_view text, std::string_view what) {
  auto url = Url::parse(text);
  if (!url.has_value()) {
    return policy::fail(what, std::move(url).error());
  }
  if (url->target() != "/") {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        fmt::format("'{}' must be a URL without path: https://HOST", what));
  }
  if (url->origin().scheme != "https" && !url->is_loopback()) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        fmt::format("'{}' must begin with https://; http:// is for loopback alone",
                                    what));
  }
  return url;
}

}  // namespace directory
