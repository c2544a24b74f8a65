// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/address_ranges.h"

#include "policy/ip_address.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

constexpr unsigned kAddressBits = 32;
constexpr unsigned kWidestTaken = 24;
constexpr unsigned kWidestSplit = 16;
constexpr std::size_t kMappedPrefix = 12;  // octets before IPv4 in a mapped address

struct Ipv4Network {
  std::uint32_t address;
  unsigned bits;
};

std::unexpected<policy::Error> refuse(std::string_view network, std::string_view why) {
  return policy::fail(policy::ErrorCode::kInvalidInput,
                      fmt::format("Exchange cannot be given {}: {}", network, why));
}

std::uint32_t ipv4_of(const policy::IpAddress& address) {
  std::uint32_t number = 0;
  for (std::size_t i = kMappedPrefix; i < address.size(); ++i) {
    number = (number << 8U) | address.at(i);
  }
  return number;
}

policy::Result<Ipv4Network> parse(std::string_view network) {
  const std::size_t slash = std::min(network.find('/'), network.size());
  const auto address = policy::parse_ip_address(network.substr(0, slash));
  if (!address.has_value()) {
    return refuse(network, "it is no IP address or network; write 192.0.2.10 or 192.0.2.0/24");
  }
  if (!policy::is_ipv4(*address)) {
    return refuse(network, "connectors take IPv4 alone; name the IPv4 addresses of the gateway");
  }
  unsigned bits = kAddressBits;
  if (slash < network.size()) {
    const std::string_view text = network.substr(slash + 1);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || bits > kAddressBits) {
      return refuse(network, "what follows the slash is a number from 16 to 32");
    }
  }
  if (bits < kWidestSplit) {
    return refuse(network, "it is wider than /16; name the networks that the gateway sends from");
  }
  const std::uint32_t mask = ~std::uint32_t{0} << (kAddressBits - bits);
  return Ipv4Network{.address = ipv4_of(*address) & mask, .bits = bits};
}

std::string text_of(std::uint32_t address, unsigned bits) {
  const std::array<std::uint8_t, 4> octets{static_cast<std::uint8_t>(address >> 24U),
                                           static_cast<std::uint8_t>(address >> 16U),
                                           static_cast<std::uint8_t>(address >> 8U),
                                           static_cast<std::uint8_t>(address)};
  std::string text = policy::ip_address_text(policy::mapped_ipv4(octets));
  return bits == kAddressBits ? text : fmt::format("{}/{}", text, bits);
}

}  // namespace

policy::Result<std::vector<std::string>> connector_ranges(
    const std::vector<std::string>& networks) {
  std::vector<std::string> ranges;
  for (const std::string& each : networks) {
    const auto network = parse(each);
    if (!network.has_value()) {
      return std::unexpected{network.error()};
    }
    const unsigned bits = std::max(network->bits, kWidestTaken);
    const std::uint32_t parts = std::uint32_t{1} << (bits - network->bits);
    for (std::uint32_t part = 0; part < parts; ++part) {
      ranges.push_back(text_of(network->address + (part << (kAddressBits - bits)), bits));
    }
  }
  std::ranges::sort(ranges);
  const auto repeated = std::ranges::unique(ranges);
  ranges.erase(repeated.begin(), repeated.end());
  return ranges;
}

}  // namespace directory
