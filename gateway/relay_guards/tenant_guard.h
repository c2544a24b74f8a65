// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/relay_guards/relay_objection.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Tells from the header of one outbound message whether it is a tenant's that the relay carries
/// mail of. Exchange Online's addresses and certificate are shared by all tenants, so only what a
/// tenant's own transport rule puts into its mail tells them apart. For one thread.
class TenantGuard {
 public:
  /// `tenants` outlives the guard.
  explicit TenantGuard(const OutboundTenants& tenants) : tenants_(tenants) {}

  /// Takes a field; `name` without blanks behind it, `value` all that stands after the colon.
  void add(std::string_view name, std::string_view value);

  /// What is wrong with the proof, if anything.
  [[nodiscard]] std::optional<RelayObjection> objection() const;

  /// Names of the fields that are the proof, which is nobody else's to read. Without an objection
  /// each is the only one of its name.
  [[nodiscard]] std::vector<std::string> proof_fields() const {
    return {tenant_.name, secret_.name};
  }

 private:
  // Of fields of one kind: the first, and how many there are.
  struct Seen {
    std::size_t count = 0;
    std::string name;
    std::string value;  // trimmed
  };

  static void note(Seen& seen, std::string_view name, std::string_view value);

  const OutboundTenants& tenants_;
  Seen tenant_;
  Seen secret_;
};

}  // namespace gateway
