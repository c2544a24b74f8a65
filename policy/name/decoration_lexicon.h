// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/glued_decorations.h"
#include "policy/result.h"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace policy {

/// The words that people and services put around a name: titles, roles, credentials, notification
/// phrases. Immutable once made; thread-safe.
///
/// The file has one entry a line, `#` starts a comment, and a line `[section]` says what follows:
/// `decorations` (dropped anywhere), `legal forms` (dropped behind a name of the organization),
/// `before an organization` (dropped in front of a name of the organization),
/// `name ends before` (what stands before is tried as a name). Entries are compared as names are,
/// so case, width, marks and lookalikes make no difference. Decorations in scripts without spaces
/// may be written together with a name.
class DecorationLexicon {
 public:
  /// What a run of tokens means.
  enum class Kind { kDecoration, kLegalForm, kBeforeOrganization, kEndsName };

  /// Reads the text of a lexicon file. `kInvalidInput` names the line and what would be right.
  [[nodiscard]] static Result<DecorationLexicon> parse(std::string_view text);

  /// The lexicon of conf/decorations.txt, as it was when the program was built.
  [[nodiscard]] static const DecorationLexicon& built_in();

  /// How many of the first `tokens` (in the form of `lexicon_token`) make the longest entry of this
  /// kind; 0 if none does.
  [[nodiscard]] std::size_t match_length(Kind kind, std::span<const std::string> tokens) const;

  /// Decorations that are written together with a name, in scripts without spaces.
  [[nodiscard]] const GluedDecorations& glued() const { return glued_; }

 private:
  struct TextHash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  using Texts = std::unordered_set<std::string, TextHash, std::equal_to<>>;

  struct Entries {
    Texts phrases;      // tokens joined by single spaces
    Texts first_words;  // what a phrase may start with
  };

  Result<void> add_line(std::optional<Kind>& section, std::string_view line);
  void add(Kind kind, std::span<const std::string> tokens);

  std::array<Entries, 4> entries_;  // by Kind
  GluedDecorations glued_;
};

/// The form in which one word of a text is compared with the lexicon: folded, marks dropped, as a
/// skeleton. Empty if nothing is left.
[[nodiscard]] std::string lexicon_token(std::string_view word);

}  // namespace policy
