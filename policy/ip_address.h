// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// An IP address in network byte order; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so
/// that both spellings of one client are equal.
using IpAddress = std::array<std::uint8_t, 16>;

/// Reads an address as people write it, also in Sendmail's `IPv6:` form; nothing if it is none.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);

/// The address of these four octets, in network byte order.
[[nodiscard]] IpAddress mapped_ipv4(const std::array<std::uint8_t, 4>& octets);

/// Whether it is an IPv4 address, in whichever spelling it came.
[[nodiscard]] bool is_ipv4(const IpAddress& address);

/// Whether a host that is not on this link can have it: not loopback, link-local, multicast or
/// unspecified. Private networks count as remote.
[[nodiscard]] bool is_remote(const IpAddress& address);

/// Whether the first `bits` (0 to 128, counted in the mapped form) of both are the same.
[[nodiscard]] bool same_network(const IpAddress& left, const IpAddress& right, unsigned bits);

/// As people write it: `192.0.2.1`, `2001:db8::1`.
[[nodiscard]] std::string ip_address_text(const IpAddress& address);

}  // namespace policy
