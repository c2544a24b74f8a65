// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_queries.h"
#include "directory/posture/evidence_text.h"
#include "directory/posture/finding.h"
#include "directory/posture/looks.h"
#include "directory/posture/predicates.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

constexpr std::int64_t kSoon = std::chrono::seconds{std::chrono::days{90}}.count();
constexpr std::size_t kMostUsersNamed = 10;

std::string users_text(const ServiceAccess& access) {
  if (access.is_for_all) {
    return "everyone";
  }
  const std::vector<std::string> first{
      access.users.begin(),
      access.users.begin() +
          static_cast<std::ptrdiff_t>(std::min(access.users.size(), kMostUsersNamed))};
  std::string text = fmt::format("{}", fmt::join(first, ", "));
  if (access.users.size() > first.size()) {
    text += fmt::format(" and {} more", access.users.size() - first.size());
  }
  return text;
}

// Which services are reached, with what, and by whom.
void add_access(const std::vector<ServiceAccess>& access, Evidence& evidence) {
  for (const ServiceAccess& each : access) {
    evidence.push_back({.name = "service", .values = {each.service}});
    if (!each.permissions.empty()) {
      evidence.push_back({.name = "permissions", .values = each.permissions});
    }
    evidence.push_back({.name = "by", .values = {users_text(each)}});
  }
}

Judgement found_application(Evidence evidence, const ApplicationLook& look) {
  evidence.insert(evidence.begin(), {.name = "app_id", .values = {look.application.app_id}});
  add_access(look.access, evidence);
  return found(std::move(evidence));
}

bool is_disabled(const std::string& status) {
  return !status.empty() && status != "NotDisabled";
}

}  // namespace

Judgement not_certified(const ApplicationLook& look, const TenantContext& /*context*/) {
  const auto& certification = look.application.certification;
  if (certification.has_value() && certification->is_certified) {
    return clean();
  }
  return found_application({{.name = "certified", .values = {"no"}}}, look);
}

Judgement not_attested(const ApplicationLook& look, const TenantContext& /*context*/) {
  const auto& certification = look.application.certification;
  if (certification.has_value() && certification->is_publisher_attested) {
    return clean();
  }
  return found_application({{.name = "attested", .values = {"no"}}}, look);
}

Judgement disabled_by_microsoft(const ApplicationLook& look, const TenantContext& /*context*/) {
  const std::string& status = look.application.disabled_by_microsoft;
  if (!is_disabled(status)) {
    return clean();
  }
  return found_application({{.name = "status", .values = {status}}}, look);
}

Judgement certification_expires(const ApplicationLook& look, const TenantContext& context) {
  const auto& certification = look.application.certification;
  if (!certification.has_value() || !certification->expires.has_value() ||
      *certification->expires > context.now + kSoon) {
    return clean();
  }
  return found_application({{.name = "expires", .values = {time_text(*certification->expires)}}},
                           look);
}

Judgement certification_unknown(const ServicePrincipalLook& look,
                                const TenantContext& /*context*/) {
  const bool is_verified = !look.principal.verified_publisher.empty();
  return unknown(fmt::format(
      "Microsoft Graph does not tell the certification of other vendors' apps; its publisher is {}",
      is_verified ? "verified" : "not verified"));
}

Judgement principal_disabled_by_microsoft(const ServicePrincipalLook& look,
                                          const TenantContext& /*context*/) {
  const std::string& status = look.principal.disabled_by_microsoft;
  if (!is_disabled(status)) {
    return clean();
  }
  Evidence evidence{{.name = "app_id", .values = {look.principal.app_id}},
                    {.name = "status", .values = {status}}};
  add_access(look.access, evidence);
  return found(std::move(evidence));
}

}  // namespace directory
