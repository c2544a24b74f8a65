// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ip_address.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// One mechanism of a record with its qualifier (RFC 7208, 5).
struct SpfDirective {
  enum class Mechanism { kAll, kInclude, kA, kMx, kPtr, kIp4, kIp6, kExists };

  char qualifier = '+';  ///< one of + - ~ ?
  Mechanism mechanism = Mechanism::kAll;
  std::string domain;       ///< domain-spec with its macros; empty: the current domain
  unsigned ip4_bits = 32;   ///< prefix length for IPv4 clients: 0 to 32
  unsigned ip6_bits = 128;  ///< prefix length for IPv6 clients: 0 to 128
  IpAddress network{};      ///< of kIp4 and kIp6
};

/// A record that is right by RFC 7208's grammar (section 12).
struct SpfRecord {
  std::vector<SpfDirective> directives;
  std::optional<std::string> redirect;  ///< domain-spec with its macros
};

/// Whether a TXT record claims to be SPF, version 1, right or not (RFC 7208, 4.5).
[[nodiscard]] bool is_spf_record(std::string_view text);

/// Reads a record by the grammar; nothing for one with an error anywhere, which makes the whole of
/// it a permanent error (RFC 7208, 4.6). Total and linear for any octets. Explanations are checked
/// and dropped.
[[nodiscard]] std::optional<SpfRecord> parse_spf_record(std::string_view text);

}  // namespace policy
