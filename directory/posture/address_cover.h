// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/networks.h"

#include <vector>

namespace directory {

/// Which of the two families of addresses; they are kept apart because an IPv6 network that holds
/// the mapped form of IPv4 addresses matches no IPv4 client (RFC 7208, 5).
enum class AddressFamily { kIpv4, kIpv6 };

/// The network of all addresses of the family.
[[nodiscard]] policy::Network all_addresses(AddressFamily family);

/// Whether these networks, all of the family, in any order and overlapping or not, leave out no
/// address of the family that a host on the Internet can have. What is reserved for private
/// networks, multicast and the like is on no host there (RFC 6890; of IPv6 all but 2000::/3). The
/// bits behind a network's prefix do not matter. n log n.
[[nodiscard]] bool covers_internet(std::vector<policy::Network> networks, AddressFamily family);

}  // namespace directory
