// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Most addresses that are looked for in one shown text.
inline constexpr std::size_t kMaximumShownAddresses = 8;

/// The mail addresses that a shown text spells, canonical, without duplicates: `ada@contoso.com`,
/// also disguised (`ada [at] contoso.com`, full-width letters, zero-width characters) and with text
/// around it.
[[nodiscard]] std::vector<std::string> shown_addresses(std::string_view text);

}  // namespace policy
