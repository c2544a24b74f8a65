// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/socket_address.h"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace policy {
namespace {

bool is_numeric(const std::string& host) {
  struct in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

bool SocketAddress::is_loopback() const {
  return host.starts_with("127.") || host == "::1";
}

std::optional<SocketAddress> parse_socket_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) {
    host = host.substr(1, host.size() - 2);
  }
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  const std::string_view digits = text.substr(colon + 1);
  SocketAddress address{.host = std::string{host}, .port = 0};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  const bool is_port = error == std::errc{} && end == digits.data() + digits.size();
  if (!is_port || address.port == 0 || is_ipv6 != has_brackets || !is_numeric(address.host)) {
    return std::nullopt;
  }
  return address;
}

}  // namespace policy
