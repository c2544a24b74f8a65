// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {

inline constexpr std::size_t kLongestDnsName = 253;
inline constexpr std::size_t kLongestDnsLabel = 63;

/// Whether DNS can be asked for it: 1 to 253 octets, labels of 1 to 63, no NUL, no trailing dot
/// (RFC 1035, 2.3.4).
[[nodiscard]] bool is_dns_name(std::string_view name);

/// Whether it is a domain as mail has them: `is_dns_name`, at least two labels of letters, digits,
/// hyphens and underscores, the last one not all digits.
[[nodiscard]] bool is_mail_domain(std::string_view name);

/// In lower case, without trailing dot.
[[nodiscard]] std::string lower_dns_name(std::string_view name);

/// Whether `name` is `domain` or lies below it; both in lower case.
[[nodiscard]] bool is_within_domain(std::string_view name, std::string_view domain);

}  // namespace policy
