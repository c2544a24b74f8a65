// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The number of the sender's own record among the terms of a check.
inline constexpr std::uint32_t kSenderTerm = 0;

/// The name by which an SPF library is told of the term with this number.
[[nodiscard]] std::string spf_term_name(std::uint32_t number);

/// The number in a name that a library asks for; nothing where it is no such name.
[[nodiscard]] std::optional<std::uint32_t> spf_term_number(std::string_view name);

}  // namespace gateway
