// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/endpoints.h"

#include "directory/http/url.h"
#include "policy/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

// The national clouds have one suffix each; the global one has given new domains names under
// mx.microsoft since 2024.
CloudEndpoints endpoints(std::string_view login,
                         std::string_view graph,
                         std::string_view exchange,
                         std::vector<std::string> mx_suffixes) {
  CloudEndpoints cloud;
  cloud.login = login;
  cloud.graph = graph;
  cloud.exchange = exchange;
  cloud.mx_suffixes = std::move(mx_suffixes);
  return cloud;
}

}  // namespace

std::optional<CloudEndpoints> cloud_named(std::string_view name) {
  if (name == "global") {
    return endpoints("https://login.microsoftonline.com",
                     "https://graph.microsoft.com",
                     "https://outlook.office365.com",
                     {".mail.protection.outlook.com", ".mx.microsoft"});
  }
  if (name == "us-gov-high") {
    return endpoints("https://login.microsoftonline.us",
                     "https://graph.microsoft.us",
                     "https://outlook.office365.us",
                     {".mail.protection.office365.us"});
  }
  if (name == "us-gov-dod") {
    return endpoints("https://login.microsoftonline.us",
                     "https://dod-graph.microsoft.us",
                     "https://outlook-dod.office365.us",
                     {".mail.protection.office365.us"});
  }
  if (name == "china") {
    return endpoints("https://login.partner.microsoftonline.cn",
                     "https://microsoftgraph.chinacloudapi.cn",
                     "https://outlook.office365.cn",
                     {".mail.protection.partner.outlook.cn"});
  }
  return std::nullopt;
}

policy::Result<Url> check_endpoint(std::string_view text, std::string_view what) {
  auto url = Url::parse(text);
  if (!url.has_value()) {
    return policy::fail(what, std::move(url).error());
  }
  if (url->target() != "/") {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        std::string{what} + ": give the origin alone, without path and query: " +
                            text_of(url->origin()));
  }
  if (url->origin().scheme != "https" && !url->is_loopback()) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        std::string{what} + ": plain http is for this machine alone; use https://" +
                            url->origin().host);
  }
  return url;
}

}  // namespace directory
