// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/mail_check/gateway_identity.h"

#include "directory/settings.h"
#include "policy/ip_address.h"
#include "policy/networks.h"

#include <cstdint>
#include <string>

namespace directory {
namespace {

using policy::IpAddress;

constexpr unsigned kBits = 128;
constexpr unsigned kOctetBits = 8;
constexpr std::uint64_t kMostSamples = 16;

// The address with its bits beyond the prefix all one or all zero.
IpAddress edge_of(const policy::Network& network, bool is_last) {
  IpAddress edge = network.address;
  for (unsigned bit = network.prefix_bits; bit < kBits; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % kOctetBits));
    std::uint8_t& octet = edge.at(bit / kOctetBits);
    octet = static_cast<std::uint8_t>(is_last ? octet | mask : octet & ~mask);
  }
  return edge;
}

// The address so many further on, which stays within its last octet.
IpAddress moved(IpAddress address, int by) {
  address.back() = static_cast<std::uint8_t>(address.back() + by);
  return address;
}

// The number of octets is that of a whole octet at most.
std::uint64_t distance(const IpAddress& first, const IpAddress& last) {
  return std::uint64_t{last.back()} - first.back();
}

}  // namespace

SampledNetwork sample_network(const std::string& network) {
  SampledNetwork sampled{.network = network, .term = {}, .addresses = {}};
  const policy::Network parsed = policy::parse_network(network).value_or(policy::Network{});
  const bool is_ipv4 = policy::is_ipv4(parsed.address);
  sampled.term = (is_ipv4 ? "ip4:" : "ip6:") + network;
  IpAddress first = edge_of(parsed, false);
  IpAddress last = edge_of(parsed, true);
  const unsigned host_bits = kBits - parsed.prefix_bits;
  if (is_ipv4 && host_bits > 1) {
    // Neither the network's own address nor the one of everybody in it.
    first = moved(first, 1);
    last = moved(last, -1);
  }
  const bool is_small = host_bits <= kOctetBits && distance(first, last) < kMostSamples;
  sampled.is_whole = is_small;
  const std::uint64_t count = is_small ? distance(first, last) + 1 : 1;
  for (std::uint64_t i = 0; i < count; ++i) {
    sampled.addresses.push_back(policy::ip_address_text(moved(first, static_cast<int>(i))));
  }
  if (!is_small) {
    sampled.addresses.push_back(policy::ip_address_text(last));
  }
  return sampled;
}

GatewayIdentity gateway_identity(const Settings& settings) {
  GatewayIdentity identity;
  identity.hostname = settings.gateway_hostname;
  // The settings have been checked.
  identity.networks =
      policy::Networks::parse(settings.gateway_addresses).value_or(policy::Networks{});
  for (const std::string& network : settings.gateway_addresses) {
    identity.samples.push_back(sample_network(network));
  }
  return identity;
}

}  // namespace directory
