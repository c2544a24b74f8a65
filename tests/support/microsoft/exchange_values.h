// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tests::microsoft {

/// An IPv4 address, or a network of 24 to 32 bits: what SenderIPAddresses takes.
[[nodiscard]] bool is_connector_range(std::string_view text);

/// An address, a network or a range `FIRST-LAST` of one family: what the conditions of rules and
/// the lists of enhanced filtering take.
[[nodiscard]] bool is_address_range(std::string_view text);

/// Letters, digits and hyphens between dots, at least one dot.
[[nodiscard]] bool is_host_name(std::string_view text);

/// `*`, a domain, or `*.` before one; also as it reads back, `smtp:*;1`.
[[nodiscard]] bool is_domain_pattern(std::string_view text);

}  // namespace tests::microsoft
