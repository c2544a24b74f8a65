// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/account_fields.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr unsigned kUnavailable = 503;

}  // namespace

std::unexpected<Problem> refuse(const Refusal& refusal, std::string pointer) {
  if (refusal.retry_after > 0 && refusal.error.code != policy::ErrorCode::kBusy) {
    return refuse_for(refusal.retry_after, refusal.error.message);
  }
  auto refused = refuse(refusal.error);
  if (refusal.error.code == policy::ErrorCode::kBusy) {
    refused.error().status = kUnavailable;
    refused.error().headers = {{"Retry-After", std::to_string(refusal.retry_after)}};
  }
  if (refusal.error.code == policy::ErrorCode::kInvalidInput) {
    refused.error().pointer = std::move(pointer);
  }
  return refused;
}

std::expected<OrganizationScope, Problem> scope_of(const ApiServices& services,
                                                   const Principal& principal,
                                                   const std::vector<std::string>& organizations) {
  const auto& known = services.control->organizations();
  std::set<std::string, std::less<>> scope;
  for (const std::string& name : organizations) {
    const bool is_known =
        std::ranges::find(known, name, &OrganizationSettings::name) != known.end();
    if (!is_known || !principal.may_see(name)) {
      return refuse_request("there is no organization '" + name + "'", "/organizations");
    }
    scope.insert(name);
  }
  if (scope.empty()) {
    return refuse_request("name at least one organization, or leave the field out for all",
                          "/organizations");
  }
  return scope;
}

std::expected<std::optional<std::uint64_t>, Problem> expected_version(const ApiRequest& request) {
  std::string_view tag = request.if_match;
  if (tag.empty() || tag == "*") {
    return std::nullopt;
  }
  std::uint64_t version = 0;
  const bool is_quoted = tag.size() > 2 && tag.front() == '"' && tag.back() == '"';
  if (is_quoted) {
    tag = tag.substr(1, tag.size() - 2);
  }
  const auto read = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  if (!is_quoted || read.ec != std::errc{} || read.ptr != tag.data() + tag.size()) {
    return refuse_request("If-Match must be the ETag that the account came with");
  }
  return version;
}

std::optional<std::vector<std::string>> names_of(const OrganizationScope& scope) {
  if (!scope.has_value()) {
    return std::nullopt;
  }
  return std::vector<std::string>(scope->begin(), scope->end());
}

}  // namespace directory
