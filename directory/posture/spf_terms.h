// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/address_cover.h"
#include "policy/ip_address.h"
#include "policy/mail_records/spf_record.h"
#include "policy/networks.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

inline constexpr std::array<AddressFamily, 2> kAddressFamilies{AddressFamily::kIpv4,
                                                               AddressFamily::kIpv6};

/// A network that a term of an SPF record is about.
struct Reached {
  policy::Network network;
  AddressFamily family = AddressFamily::kIpv4;
  std::string
      terms;  ///< how it was come to: `include:spf.example.net, then ip4:192.0.2.0/24 there`
};

using Reach = std::vector<Reached>;

/// What a record says, made fit for people: visible, and at most 100 octets of it.
[[nodiscard]] std::string shown_spec(std::string_view domain_spec);

/// The term in the words of RFC 7208, fit for people.
[[nodiscard]] std::string term_text(const policy::SpfDirective& directive);

/// All addresses of both families.
[[nodiscard]] Reach reach_of_all(const std::string& terms);

/// The network around the address with the directive's prefix for this family.
[[nodiscard]] Reached reached_network(const policy::SpfDirective& directive,
                                      const policy::IpAddress& address,
                                      AddressFamily family,
                                      const std::string& terms);

/// Whether together they are the family's Internet.
[[nodiscard]] bool reaches_all(const Reach& reach, AddressFamily family);

void append_reach(Reach more, Reach& reach);

/// The terms by which at least one whole family is reached, and which one if it is not both alike;
/// nothing if neither is.
[[nodiscard]] std::optional<std::string> terms_that_reach_all(const Reach& reach);

}  // namespace directory
