// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/tenant_guard.h"

#include "gateway/message/octets.h"
#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/relay_guards/relay_objection.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {
namespace {

constexpr std::string_view kTenantField = "X-MS-Exchange-CrossTenant-Id";
// One more than is right, so that what is cut stays wrong.
constexpr std::size_t kKeptOctets = kLongestTenantSecret + 1;

}  // namespace

void TenantGuard::add(std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, kTenantField)) {
    note(tenant_, name, value);
  } else if (tenants_.is_secret_field(name)) {
    note(secret_, name, value);
  }
}

std::optional<RelayObjection> TenantGuard::objection() const {
  using Kind = RelayObjection::Kind;
  const auto object = [&](Kind kind) {
    return RelayObjection{.kind = kind, .seen = tenant_.value};
  };
  if (tenant_.count != 1) {
    return object(tenant_.count == 0 ? Kind::kNoTenant : Kind::kRepeatedTenant);
  }
  if (secret_.count != 1) {
    return object(secret_.count == 0 ? Kind::kNoSecret : Kind::kRepeatedSecret);
  }
  const OutboundTenant* tenant = tenants_.find(tenant_.value);
  if (tenant == nullptr) {
    return object(Kind::kUnknownTenant);
  }
  if (!equal_ignoring_case(tenant->header, secret_.name) || !tenant->has_secret(secret_.value)) {
    return object(Kind::kWrongSecret);
  }
  return std::nullopt;
}

void TenantGuard::note(Seen& seen, std::string_view name, std::string_view value) {
  if (++seen.count == 1) {
    seen.name = name;
    seen.value = trimmed(value).substr(0, kKeptOctets);
  }
}

}  // namespace gateway
