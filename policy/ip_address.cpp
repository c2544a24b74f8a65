// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/ip_address.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace policy {
namespace {

constexpr std::size_t kMappedPrefixOctets = 12;
constexpr IpAddress kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};

struct Block {
  IpAddress address;
  unsigned bits;
};

constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d};
}

// IANA's special-purpose registries (RFC 6890), as far as no host of another network has such an
// address. Private networks are left out: a site may well list its own in its records.
constexpr std::array<Block, 7> kNotRemote{{
    {.address = v4(0, 0, 0, 0), .bits = 96 + 8},
    {.address = v4(127, 0, 0, 0), .bits = 96 + 8},
    {.address = v4(169, 254, 0, 0), .bits = 96 + 16},
    {.address = v4(224, 0, 0, 0), .bits = 96 + 3},
    {.address = {}, .bits = 127},
    {.address = {0xFE, 0x80}, .bits = 10},
    {.address = {0xFF}, .bits = 8},
}};

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  if (text.starts_with("IPv6:")) {
    text.remove_prefix(5);
  }
  const std::string name{text};
  std::array<std::uint8_t, 4> ipv4{};
  if (inet_pton(AF_INET, name.c_str(), ipv4.data()) == 1) {
    return mapped_ipv4(ipv4);
  }
  IpAddress address{};
  if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

IpAddress mapped_ipv4(const std::array<std::uint8_t, 4>& octets) {
  IpAddress address = kMappedPrefix;
  std::memcpy(address.data() + kMappedPrefixOctets, octets.data(), octets.size());
  return address;
}

bool is_ipv4(const IpAddress& address) {
  return std::memcmp(address.data(), kMappedPrefix.data(), kMappedPrefixOctets) == 0;
}

bool is_remote(const IpAddress& address) {
  return std::ranges::none_of(kNotRemote, [&](const Block& block) {
    return same_network(block.address, address, block.bits);
  });
}

bool same_network(const IpAddress& left, const IpAddress& right, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (std::memcmp(left.data(), right.data(), whole) != 0) {
    return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) {
    return true;
  }
  const auto mask = static_cast<std::uint8_t>(0xFFU << (8 - rest));
  return ((left.at(whole) ^ right.at(whole)) & mask) == 0;
}

std::string ip_address_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* written =
      is_ipv4(address)
          ? inet_ntop(AF_INET,
                      address.data() + kMappedPrefixOctets,
                      text.data(),
                      static_cast<socklen_t>(text.size()))
          : inet_ntop(AF_INET6, address.data(), text.data(), static_cast<socklen_t>(text.size()));
  return written == nullptr ? std::string{} : std::string{written};
}

}  // namespace policy
