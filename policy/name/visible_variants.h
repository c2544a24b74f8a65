// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include <unicode/unistr.h>

namespace policy {

/// How a text may look to its reader: without invisible characters, controls as spaces, blank
/// fillers both as nothing and as a space, right-to-left overrides carried out, digit-only words
/// dropped. At least one, at most six, each different. Part of the key algorithm; ICU's types keep
/// it within this folder.
[[nodiscard]] std::vector<icu::UnicodeString> visible_variants(std::string_view text);

/// The first of them alone.
[[nodiscard]] icu::UnicodeString first_visible_variant(std::string_view text);

/// NFKC_Casefold, then without marks.
[[nodiscard]] icu::UnicodeString folded_without_marks(const icu::UnicodeString& text);

}  // namespace policy
