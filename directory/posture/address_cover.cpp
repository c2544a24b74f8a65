// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/address_cover.h"

#include "policy/ip_address.h"
#include "policy/networks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace directory {
namespace {

constexpr std::size_t kOctetBits = 8;
constexpr std::uint8_t kAllOnes = std::numeric_limits<std::uint8_t>::max();
constexpr unsigned kMappedBits = 96;

struct Ipv4Prefix {
  std::array<std::uint8_t, 4> address;
  unsigned bits;
};

constexpr std::array<Ipv4Prefix, 8> kNotOnTheInternet{{{.address = {0, 0, 0, 0}, .bits = 8},
                                                       {.address = {10, 0, 0, 0}, .bits = 8},
                                                       {.address = {100, 64, 0, 0}, .bits = 10},
                                                       {.address = {127, 0, 0, 0}, .bits = 8},
                                                       {.address = {169, 254, 0, 0}, .bits = 16},
                                                       {.address = {172, 16, 0, 0}, .bits = 12},
                                                       {.address = {192, 168, 0, 0}, .bits = 16},
                                                       {.address = {224, 0, 0, 0}, .bits = 3}}};

// 2000::/3, as an octet: where what is on the Internet begins, and what comes after it.
constexpr std::uint8_t kFirstOctet = 0x20;
constexpr std::uint8_t kOctetAfter = 0x40;

// The bits of the octet at `index` that are behind the prefix.
std::uint8_t host_bits(std::size_t index, unsigned prefix_bits) {
  const std::size_t before = index * kOctetBits;
  const std::size_t fixed =
      prefix_bits <= before ? 0 : std::min<std::size_t>(prefix_bits - before, kOctetBits);
  return static_cast<std::uint8_t>(kAllOnes >> fixed);
}

policy::IpAddress first_of(const policy::Network& network) {
  policy::IpAddress first = network.address;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const unsigned kept = static_cast<unsigned>(kAllOnes) ^ host_bits(i, network.prefix_bits);
    first.at(i) = static_cast<std::uint8_t>(first.at(i) & kept);
  }
  return first;
}

policy::IpAddress last_of(const policy::Network& network) {
  policy::IpAddress last = network.address;
  for (std::size_t i = 0; i < last.size(); ++i) {
    last.at(i) = static_cast<std::uint8_t>(last.at(i) | host_bits(i, network.prefix_bits));
  }
  return last;
}

// After the last address there is comes the first.
policy::IpAddress next_after(policy::IpAddress address) {
  for (std::size_t i = address.size(); i > 0; --i) {
    if (++address.at(i - 1) != 0) {
      break;
    }
  }
  return address;
}

struct Range {
  policy::IpAddress first;
  policy::IpAddress last;
};

// From where to where the family has addresses of hosts on the Internet, among others.
Range range_of(AddressFamily family) {
  if (family == AddressFamily::kIpv4) {
    const policy::Network all = all_addresses(family);
    return {.first = first_of(all), .last = last_of(all)};
  }
  Range range{.first = {kFirstOctet}, .last = {}};
  range.last.fill(kAllOnes);
  range.last.front() = kOctetAfter - 1;
  return range;
}

}  // namespace

policy::Network all_addresses(AddressFamily family) {
  return family == AddressFamily::kIpv4
             ? policy::Network{.address = policy::mapped_ipv4({}), .prefix_bits = kMappedBits}
             : policy::Network{.address = {}, .prefix_bits = 0};
}

bool covers_internet(std::vector<policy::Network> networks, AddressFamily family) {
  if (family == AddressFamily::kIpv4) {
    for (const Ipv4Prefix& each : kNotOnTheInternet) {
      networks.push_back(
          {.address = policy::mapped_ipv4(each.address), .prefix_bits = kMappedBits + each.bits});
    }
  }
  std::ranges::sort(networks, {}, first_of);
  const Range range = range_of(family);
  policy::IpAddress uncovered = range.first;
  for (const policy::Network& network : networks) {
    if (first_of(network) > uncovered) {
      return false;
    }
    const policy::IpAddress last = last_of(network);
    if (last >= range.last) {
      return true;
    }
    if (last >= uncovered) {
      uncovered = next_after(last);
    }
  }
  return false;
}

}  // namespace directory
