// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

class NicknameTable;

/// Names of more tokens are matched as they are, never by `nickname` or `typo`.
inline constexpr std::size_t kMaximumFullNameTokens = 5;

/// A person's name in its parts, given names before surnames: what the matches `nickname` and
/// `typo` vary. Tokens are those of `plain_name`.
struct FullName {
  std::vector<std::string> tokens;     ///< at least two; empty: the name is not varied
  std::uint32_t given = 1;             ///< how many of the tokens are given names; at least one
  std::vector<std::string> nicknames;  ///< what the first given name may be replaced by; sorted
  /// The tokens as `transcribed_name` spells them; empty where that makes no difference.
  std::vector<std::string> transcribed;

  friend bool operator==(const FullName&, const FullName&) = default;
};

/// The full name of a person of this display name, given name and surname; the last two may be
/// empty, and then the parts are guessed. Without tokens where the name is one word, is longer than
/// `kMaximumFullNameTokens`, or is written in a script without spaces.
[[nodiscard]] FullName full_name(std::string_view display_name,
                                 std::string_view given_name,
                                 std::string_view surname,
                                 const NicknameTable& nicknames);

/// The tokens of a text in the order given name, surname, which one comma turns round.
[[nodiscard]] std::vector<std::string> given_first_tokens(std::string_view text);

/// The name with each of its nicknames in place of the first given name.
[[nodiscard]] std::vector<std::vector<std::string>> nicknamed(const FullName& name);

/// The name with one of its several surnames left out, with all given names and with the first
/// alone; and with all surnames and the middle names left out or as initials. A particle such as
/// `van` goes with the surname behind it.
[[nodiscard]] std::vector<std::vector<std::string>> shortened(const FullName& name);

}  // namespace policy
