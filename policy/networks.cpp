// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/networks.h"

#include "policy/ip_address.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace policy {
namespace {

constexpr unsigned kMappedPrefixBits = 96;
constexpr unsigned kAddressBits = 128;

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && bits <= most ? std::optional{bits} : std::nullopt;
}

}  // namespace

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const auto address = parse_ip_address(host);
  if (!address.has_value()) {
    return std::nullopt;
  }
  const bool is_written_as_ipv4 = !host.contains(':');
  const unsigned offset = is_written_as_ipv4 ? kMappedPrefixBits : 0;
  const auto bits = slash == std::string_view::npos
                        ? std::optional{kAddressBits - offset}
                        : parse_prefix(text.substr(slash + 1), kAddressBits - offset);
  if (!bits.has_value()) {
    return std::nullopt;
  }
  return Network{.address = *address, .prefix_bits = *bits + offset};
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
    result.networks_.push_back(*parsed);
  }
  return result;
}

bool Networks::contains(const IpAddress& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return same_network(network.address, address, network.prefix_bits);
  });
}

}  // namespace policy
