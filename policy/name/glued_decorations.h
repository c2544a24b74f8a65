// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// The decorations that scripts without spaces write together with a name, as in 田中太郎様. Filled
/// once; thread-safe afterwards.
class GluedDecorations {
 public:
  /// Takes an entry of the lexicon if it is one word in such a script.
  void add(std::string_view entry);

  /// The part of `word`, a word of a shown text, that is left without the decorations glued to it:
  /// at least two characters. The whole word if there are none. An entry of one character counts
  /// behind a name alone: in front it is often part of the surname.
  [[nodiscard]] std::string_view name_in(std::string_view word) const;

 private:
  [[nodiscard]] std::string_view without_one(std::string_view word) const;
  [[nodiscard]] std::string_view without_one_behind(std::string_view word,
                                                    std::string_view token) const;
  [[nodiscard]] std::string_view without_one_in_front(std::string_view word,
                                                      std::string_view token) const;

  std::vector<std::string> behind_;    // in the form of `lexicon_token`, longest first
  std::vector<std::string> in_front_;  // the same
};

}  // namespace policy
