// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/name_forms.h"

#include <string>
#include <string_view>
#include <vector>

namespace policy {

[[nodiscard]] bool is_ascii(std::string_view text);

/// `name_forms_by_unicode` for a text that `is_ascii` and not `has_ascii_lookalikes`, by tables
/// that are filled from ICU once.
[[nodiscard]] std::vector<NameForm> ascii_name_forms(std::string_view name);

/// `squashed(folded_tokens(word))` for one word that `is_ascii`.
[[nodiscard]] std::string ascii_folded_word(std::string_view word);

/// `folded_tokens` for a text that `is_ascii`.
[[nodiscard]] std::vector<std::string> ascii_folded_tokens(std::string_view text);

}  // namespace policy
