// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// `domain` in lower-case A-label form (UTS #46, non-transitional), a trailing dot dropped; nothing
/// where UTS #46 refuses it. ASCII domains without `xn--` labels take a path without ICU.
[[nodiscard]] std::optional<std::string> to_a_labels(std::string_view domain);

/// Case-folded form of `text` (Unicode full case folding); text that is no UTF-8 has its ASCII
/// letters folded.
[[nodiscard]] std::string fold_case(std::string_view text);

/// NFKC_Casefold form of `text`: case, width, compatibility characters and invisible ones folded
/// away; octets that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string fold_compatibly(std::string_view text);

}  // namespace policy
