// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/common_names.h"
#include "policy/name/full_name.h"
#include "policy/name/match.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Shortest tokens in which one edit is a slip of the pen and not another name, in characters.
inline constexpr std::size_t kMisspeltSurname = 6;
inline constexpr std::size_t kMisspeltGivenName = 7;

/// Whether one insertion, deletion, replacement or exchange of neighbours makes one text of the
/// other (Damerau-Levenshtein distance 1), in code points. Linear.
[[nodiscard]] bool is_one_edit(std::string_view left, std::string_view right);

/// A token of a full name that may be misspelt, and where it is stored: under all the other tokens
/// together with its own beginning or end, of which one edit leaves at least one as it is.
struct SpellingEntry {
  std::string bucket;
  std::string token;

  friend auto operator<=>(const SpellingEntry&, const SpellingEntry&) = default;
};

/// All entries of a full name.
[[nodiscard]] std::vector<SpellingEntry> spelling_entries(const FullName& name);

/// Where the tokens of a shown name (`given_first_tokens`) are looked up, each bucket with the
/// token that may be misspelt. At most two for each token; none for names of one token or too many.
[[nodiscard]] std::vector<SpellingEntry> spelling_look_ups(std::span<const std::string> shown);

/// The keys, beside those of `protected_name_keys`, under which a full name is stored: with a
/// nickname, and with a surname left out.
[[nodiscard]] std::vector<std::string> loose_name_keys(const FullName& name);

/// A shown name as it is compared with full names.
struct ShownTokens {
  std::vector<std::string> tokens;       ///< `given_first_tokens`
  std::vector<std::string> transcribed;  ///< of its `transcribed_name`; empty if that is empty
};

[[nodiscard]] ShownTokens shown_tokens(std::string_view text);

/// The keys, beside those of `name_keys`, under which a shown name is looked up: with one middle
/// name left out, and transcribed.
[[nodiscard]] std::vector<std::string> loose_look_up_keys(const ShownTokens& shown);

/// How a shown name relates to a full name that it does not equal: `kNickname`, `kTypo` or nothing.
/// Only one thing may differ, and the order of the tokens is not it. A misspelling that is itself a
/// common name is a name.
[[nodiscard]] std::optional<Match> compare_loosely(const ShownTokens& shown,
                                                   const FullName& name,
                                                   const CommonNames& common_names);

}  // namespace policy
