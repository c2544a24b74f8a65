// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/spf_terms.h"

#include "directory/posture/address_cover.h"
#include "policy/ip_address.h"
#include "policy/mail_records/spf_record.h"
#include "policy/name/visible_text.h"
#include "policy/networks.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using policy::SpfDirective;
using Mechanism = SpfDirective::Mechanism;

constexpr std::size_t kLongestShown = 100;
constexpr std::size_t kMostNamed = 3;
constexpr unsigned kMappedBits = 96;

std::string_view name_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kAll: return "all";
    case Mechanism::kInclude: return "include";
    case Mechanism::kA: return "a";
    case Mechanism::kMx: return "mx";
    case Mechanism::kPtr: return "ptr";
    case Mechanism::kIp4: return "ip4";
    case Mechanism::kIp6: return "ip6";
    case Mechanism::kExists: return "exists";
  }
  return {};
}

std::vector<policy::Network> networks_of(const Reach& reach, AddressFamily family) {
  std::vector<policy::Network> networks;
  for (const Reached& each : reach) {
    if (each.family == family) {
      networks.push_back(each.network);
    }
  }
  return networks;
}

// The terms by which the whole family is reached; nothing if it is not.
std::optional<std::string> terms_for_all(Reach reach, AddressFamily family) {
  if (!reaches_all(reach, family)) {
    return std::nullopt;
  }
  std::erase_if(reach, [&](const Reached& each) { return each.family != family; });
  std::ranges::stable_sort(reach, {}, [](const Reached& each) { return each.network.prefix_bits; });
  std::string text;
  std::vector<policy::Network> named;
  for (const Reached& each : reach) {
    if (named.size() == kMostNamed) {
      return text + "; and others, together";
    }
    text += (named.empty() ? "" : "; ") + each.terms;
    named.push_back(each.network);
    if (covers_internet(named, family)) {
      break;
    }
  }
  return named.size() == 1 ? text : text + "; together";
}

}  // namespace

std::string shown_spec(std::string_view domain_spec) {
  return policy::visible_text(domain_spec.substr(0, kLongestShown)) +
         (domain_spec.size() > kLongestShown ? "..." : "");
}

std::string term_text(const SpfDirective& directive) {
  const Mechanism mechanism = directive.mechanism;
  std::string text;
  if (directive.qualifier != '+' || mechanism == Mechanism::kAll) {
    text += directive.qualifier;
  }
  text += name_of(mechanism);
  if (!directive.domain.empty()) {
    text += ":" + shown_spec(directive.domain);
  }
  if (mechanism == Mechanism::kIp4 || mechanism == Mechanism::kIp6) {
    const bool is_ip4 = mechanism == Mechanism::kIp4;
    return text + ":" + policy::ip_address_text(directive.network) + "/" +
           std::to_string(is_ip4 ? directive.ip4_bits : directive.ip6_bits);
  }
  if (directive.ip4_bits < 32) {
    text += "/" + std::to_string(directive.ip4_bits);
  }
  if (directive.ip6_bits < 128) {
    text += "//" + std::to_string(directive.ip6_bits);
  }
  return text;
}

Reach reach_of_all(const std::string& terms) {
  Reach reach;
  for (const AddressFamily family : kAddressFamilies) {
    reach.push_back({.network = all_addresses(family), .family = family, .terms = terms});
  }
  return reach;
}

Reached reached_network(const SpfDirective& directive,
                        const policy::IpAddress& address,
                        AddressFamily family,
                        const std::string& terms) {
  const bool is_ip4 = family == AddressFamily::kIpv4;
  const unsigned bits = is_ip4 ? kMappedBits + directive.ip4_bits : directive.ip6_bits;
  return {.network = {.address = address, .prefix_bits = bits}, .family = family, .terms = terms};
}

bool reaches_all(const Reach& reach, AddressFamily family) {
  return covers_internet(networks_of(reach, family), family);
}

void append_reach(Reach more, Reach& reach) {
  reach.insert(
      reach.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::optional<std::string> terms_that_reach_all(const Reach& reach) {
  std::optional<std::string> reason = terms_for_all(reach, AddressFamily::kIpv4);
  const std::optional<std::string> ip6 = terms_for_all(reach, AddressFamily::kIpv6);
  if (reason == ip6) {
    return reason;
  }
  if (reason.has_value()) {
    *reason += " (every IPv4 address)";
  }
  if (ip6.has_value()) {
    const std::string before = reason.has_value() ? *reason + ", and " : "";
    reason = before + *ip6 + " (every IPv6 address)";
  }
  return reason;
}

}  // namespace directory
