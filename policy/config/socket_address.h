// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// Where a server listens over TCP.
struct SocketAddress {
  std::string host;  ///< numeric; an IPv6 address without brackets
  std::uint16_t port = 0;

  /// Whether this machine alone can reach it: 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const;
};

/// Reads `127.0.0.1:8480` or `[::1]:8480`; nothing for another text, for host names and port 0.
[[nodiscard]] std::optional<SocketAddress> parse_socket_address(std::string_view text);

}  // namespace policy
