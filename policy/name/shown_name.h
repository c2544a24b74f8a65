// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/decoration_lexicon.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A part of a shown text that is tried as a name.
struct ShownNameCandidate {
  enum class Part {
    kWhole,        ///< the text as it is
    kUndecorated,  ///< without decorations, initials and names of the organization
    kSegment,      ///< between separators, or before words such as `via`; perhaps undecorated too
  };

  Part part;
  std::string text;            ///< UTF-8, with its disguises
  bool drops_initial = false;  ///< without a one-letter word that the text has
  bool is_drawn = false;       ///< of the text as its letters are read: `with_lookalike_letters`
};

/// What of a shown text is tried as a name; the whole text first.
struct ShownNameCandidates {
  std::vector<ShownNameCandidate> candidates;
  bool has_more = false;  ///< the text had more segments than are looked at
};

/// Most segments of one text that are looked at.
inline constexpr std::size_t kMaximumSegments = 16;

/// Whether a token, in the form of `lexicon_token`, is a word of an organization's own name.
using IsOrganizationWord = std::function<bool(std::string_view token)>;

/// Cuts a shown text into candidates.
[[nodiscard]] ShownNameCandidates shown_name_candidates(
    std::string_view text,
    const DecorationLexicon& lexicon,
    const IsOrganizationWord& is_organization_word);

/// A display name of a directory without its own decorations: bracketed parts, what follows a
/// separator, words of the built-in lexicon. The part that holds `surname` is kept, or else the
/// first that may be a name. Empty if nothing would be dropped or nothing is left.
[[nodiscard]] std::string undecorated_name(std::string_view display_name, std::string_view surname);

}  // namespace policy
