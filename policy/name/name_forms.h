// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace policy {

/// One canonical form of a name: what is left of it when one family of disguises is taken off.
/// Every form is reduced to a UTS #39 skeleton at its end, so that a form of one path may be
/// compared with a form of another.
struct NameForm {
  /// What was done before the last skeleton.
  enum class Path {
    kUnfolded,   ///< skeleton of the name in its own case, then folded: I for l, Greek capitals
    kFolded,     ///< folded first, marks dropped: case, width, invisible characters, diacritics
    kLatin,      ///< transliterated: other scripts, small capitals
    kLookalike,  ///< read beyond UTS #39: `lookalike_letters.h`
    kDigits,     ///< digits read as letters or left out, in words that have both
  };

  Path path;
  std::vector<std::string> tokens;  ///< maximal runs of letters and digits, none a pure number
  std::size_t letters = 0;          ///< before the skeleton, which makes two letters of an m
  std::size_t ideographs = 0;

  friend bool operator==(const NameForm&, const NameForm&) = default;
};

/// What a text, or a word of it, adds to a form.
struct FormPart {
  std::vector<std::string> tokens;
  std::size_t letters = 0;
  std::size_t ideographs = 0;
};

/// Finds words by views of them.
struct Utf16Hash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

  std::size_t operator()(std::u16string_view text) const {
    return std::hash<std::u16string_view>{}(text);
  }
};

/// What the words of long texts came to, so that those of one message are worked out once. A few
/// thousand are kept; for one thread.
using KnownWords = std::unordered_map<std::u16string, FormPart, Utf16Hash, std::equal_to<>>;

/// The forms of a name, those with equal tokens only once, transliterated ones after all that
/// are not. Empty if there is no letter in the text. Text that is no UTF-8 is read with U+FFFD in
/// place of bad octets.
///
/// Names in ASCII take a path without ICU that yields exactly what `name_forms_by_unicode` does.
[[nodiscard]] std::vector<NameForm> name_forms(std::string_view name);

/// The same, where texts with the same words come one after the other.
[[nodiscard]] std::vector<NameForm> name_forms(std::string_view name, KnownWords& known);

/// Whether a text is ASCII and nobody reads other letters in it than there are.
[[nodiscard]] bool is_plainly_ascii(std::string_view text);

/// In how many ways the text may have to be read, where any other text is read in one: overrides of
/// direction are carried out and taken back, blank fillers are nothing or a space. 1 to 6.
[[nodiscard]] std::size_t most_readings(std::string_view text);

/// The whole way, whatever the text is.
[[nodiscard]] std::vector<NameForm> name_forms_by_unicode(std::string_view name);
[[nodiscard]] std::vector<NameForm> name_forms_by_unicode(std::string_view name, KnownWords& known);

/// The tokens of the `kFolded` form of the text's first reading, without its other forms: cheap
/// enough for every word of a text.
[[nodiscard]] std::vector<std::string> folded_tokens(std::string_view text);

/// Adds the form unless it has no token or its tokens are there already.
void add_form(std::vector<NameForm>& forms, NameForm form);

/// Whether the form is long enough to be compared without its spaces: six letters, or two
/// characters of a script that writes names without spaces.
[[nodiscard]] bool may_squash(const NameForm& form);

/// The tokens in their order without the spaces.
[[nodiscard]] std::string squashed(const std::vector<std::string>& tokens);

/// The tokens in sorted order with single spaces.
[[nodiscard]] std::string sorted_and_joined(std::span<const std::string> tokens);
[[nodiscard]] std::string sorted_and_joined(std::vector<std::string_view> tokens);

}  // namespace policy
