// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace tests::microsoft {
namespace {

bool is_address(int family, std::string_view text) {
  std::array<std::byte, sizeof(in6_addr)> octets{};
  return inet_pton(family, std::string{text}.c_str(), octets.data()) == 1;
}

std::optional<unsigned> number_of(std::string_view text) {
  unsigned number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size() ? std::optional{number}
                                                                       : std::nullopt;
}

// An address of this family, or a network of so many bits.
bool is_network(int family, std::string_view text, unsigned shortest, unsigned longest) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (!is_address(family, text.substr(0, slash))) {
    return false;
  }
  if (slash == text.size()) {
    return true;
  }
  const auto bits = number_of(text.substr(slash + 1));
  return bits.has_value() && *bits >= shortest && *bits <= longest;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && !label.starts_with('-') && !label.ends_with('-') &&
         std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

}  // namespace

bool is_connector_range(std::string_view text) {
  return is_network(AF_INET, text, 24, 32);
}

bool is_address_range(std::string_view text) {
  const std::size_t hyphen = text.find('-');
  if (hyphen != std::string_view::npos) {
    const std::string_view first = text.substr(0, hyphen);
    const std::string_view last = text.substr(hyphen + 1);
    return (is_address(AF_INET, first) && is_address(AF_INET, last)) ||
           (is_address(AF_INET6, first) && is_address(AF_INET6, last));
  }
  return is_network(AF_INET, text, 0, 32) || is_network(AF_INET6, text, 0, 128);
}

bool is_host_name(std::string_view text) {
  if (text.find('.') == std::string_view::npos || text.size() > 255) {
    return false;
  }
  while (true) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    if (!is_label(text.substr(0, dot))) {
      return false;
    }
    if (dot == text.size()) {
      return true;
    }
    text.remove_prefix(dot + 1);
  }
}

bool is_domain_pattern(std::string_view text) {
  constexpr std::string_view kScheme = "smtp:";
  if (text.starts_with(kScheme)) {
    const std::size_t cost = std::min(text.find(';'), text.size());
    if (cost == text.size() || !number_of(text.substr(cost + 1)).has_value()) {
      return false;
    }
    text = text.substr(kScheme.size(), cost - kScheme.size());
  }
  if (text == "*") {
    return true;
  }
  if (text.starts_with("*.")) {
    text.remove_prefix(2);
  }
  return is_host_name(text);
}

}  // namespace tests::microsoft
