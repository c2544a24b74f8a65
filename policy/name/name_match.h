// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/match.h"
#include "policy/name/name_forms.h"

#include <optional>
#include <string_view>
#include <vector>

namespace policy {

/// How a shown name relates to a protected one, on the full strings: `kExact`, `kReordered`,
/// `kLookalike`, or nothing. Decorations are the business of `shown_name.h`.
///
/// Two names in one foreign script are not compared by their transliterations, which many different
/// names share.
[[nodiscard]] std::optional<Match> compare_names(std::string_view shown,
                                                 std::string_view protected_name);

/// Whether the name is one word in an alphabet: such a name is matched as a whole text only,
/// never as part of one.
[[nodiscard]] bool is_single_word(std::string_view name);

}  // namespace policy
