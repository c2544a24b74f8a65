// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// An IP address in network byte order; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so
/// that both spellings of one client are equal.
using IpAddress = std::array<std::uint8_t, 16>;

/// Reads an address as people write it, also in Sendmail's `IPv6:` form; nothing if it is none.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);

/// A set of networks. Immutable.
class Networks {
 public:
  /// Reads networks such as `192.0.2.0/24`, `2001:db8::/32` or a single address; `kInvalidInput`
  /// names the one that is wrong.
  [[nodiscard]] static Result<Networks> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool contains(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address;
    unsigned prefix_bits;
  };

  std::vector<Network> networks_;
};

}  // namespace policy
