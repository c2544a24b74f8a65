// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/networks.h"

#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace policy {
namespace {

constexpr unsigned kMappedPrefixBits = 96;
constexpr unsigned kAddressBits = 128;

struct ParsedAddress {
  IpAddress address;
  bool is_ipv4;
};

std::optional<ParsedAddress> parse(std::string_view text) {
  if (text.starts_with("IPv6:")) {
    text.remove_prefix(5);
  }
  const std::string name{text};
  in_addr ipv4{};
  if (inet_pton(AF_INET, name.c_str(), &ipv4) == 1) {
    IpAddress mapped{};
    mapped[10] = mapped[11] = 0xFF;
    std::memcpy(mapped.data() + kMappedPrefixBits / 8, &ipv4, sizeof ipv4);
    return ParsedAddress{.address = mapped, .is_ipv4 = true};
  }
  in6_addr ipv6{};
  if (inet_pton(AF_INET6, name.c_str(), &ipv6) == 1) {
    IpAddress address{};
    std::memcpy(address.data(), &ipv6, sizeof ipv6);
    return ParsedAddress{.address = address, .is_ipv4 = false};
  }
  return std::nullopt;
}

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && bits <= most ? std::optional{bits} : std::nullopt;
}

std::optional<std::pair<IpAddress, unsigned>> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto parsed = parse(text.substr(0, slash));
  if (!parsed.has_value()) {
    return std::nullopt;
  }
  const unsigned offset = parsed->is_ipv4 ? kMappedPrefixBits : 0;
  const auto bits = slash == std::string_view::npos
                        ? std::optional{kAddressBits - offset}
                        : parse_prefix(text.substr(slash + 1), kAddressBits - offset);
  if (!bits.has_value()) {
    return std::nullopt;
  }
  return std::pair{parsed->address, *bits + offset};
}

bool agree(const IpAddress& left, const IpAddress& right, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(whole), right.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) {
    return true;
  }
  const auto mask = static_cast<std::uint8_t>(0xFFU << (8 - rest));
  return ((left.at(whole) ^ right.at(whole)) & mask) == 0;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const auto parsed = parse(text);
  return parsed.has_value() ? std::optional{parsed->address} : std::nullopt;
}

Result<Networks> Networks::parse(const std::vector<std::string>& networks) {
  Networks result;
  for (const std::string& network : networks) {
    const auto parsed = parse_network(network);
    if (!parsed.has_value()) {
      return fail(ErrorCode::kInvalidInput,
                  "'" + visible_text(network) +
                      "' is no network; write it as 192.0.2.0/24 or 2001:db8::/32");
    }
    result.networks_.push_back({.address = parsed->first, .prefix_bits = parsed->second});
  }
  return result;
}

bool Networks::contains(const IpAddress& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return agree(network.address, address, network.prefix_bits);
  });
}

}  // namespace policy
