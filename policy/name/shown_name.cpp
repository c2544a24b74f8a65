// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/shown_name.h"

#include "policy/name/ascii_forms.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/lookalike_letters.h"
#include "policy/name/text_words.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using Kind = DecorationLexicon::Kind;
using Part = ShownNameCandidate::Part;

struct Words {
  std::vector<TextWord> words;
  std::vector<std::string> tokens;  // of each word, for the lexicon
};

Words words_of(std::string_view segment) {
  Words result{.words = text_words(segment), .tokens = {}};
  result.tokens.reserve(result.words.size());
  for (const TextWord& word : result.words) {
    result.tokens.push_back(lexicon_token(word.text));
  }
  return result;
}

std::string join(std::span<const TextWord> words) {
  std::string text;
  for (const TextWord& word : words) {
    if (!text.empty()) {
      text += ' ';
    }
    text += word.text;
  }
  return text;
}

// What is left of some words.
struct KeptWords {
  std::vector<TextWord> words;
  bool dropped_something = false;
  bool dropped_initial = false;
};

// Two words of more than an initial, or a name in a script that needs no spaces.
bool may_be_name(std::span<const TextWord> words) {
  const auto long_words =
      std::ranges::count_if(words, [](const TextWord& word) { return word.letters > 1; });
  return long_words >= 2 ||
         std::ranges::any_of(words, [](const TextWord& word) { return word.ideographs >= 2; });
}

// One joined word may still spell a whole name.
bool may_be_segment_name(std::span<const TextWord> words) {
  constexpr std::size_t kJoinedNameLetters = 6;
  return may_be_name(words) || (words.size() == 1 && words.front().letters >= kJoinedNameLetters) ||
         std::ranges::count_if(words, [](const TextWord& word) { return word.letters == 1; }) >=
             static_cast<std::ptrdiff_t>(kJoinedNameLetters);
}

class Undecorator {
 public:
  Undecorator(const DecorationLexicon& lexicon, const IsOrganizationWord& is_organization_word)
      : lexicon_(lexicon), is_organization_word_(is_organization_word) {}

  [[nodiscard]] KeptWords kept(const Words& all) const {
    KeptWords kept;
    kept.words.reserve(all.words.size());
    bool after_organization = false;
    std::size_t i = 0;
    while (i < all.words.size()) {
      const auto rest = std::span{all.tokens}.subspan(i);
      const bool is_organization = is_organization_word_(all.tokens[i]);
      std::size_t dropped = lexicon_.match_length(Kind::kDecoration, rest);
      if (dropped == 0 && after_organization) {
        dropped = lexicon_.match_length(Kind::kLegalForm, rest);
      }
      if (dropped == 0 &&
          (is_organization || is_initial(all.words[i]) || leads_to_organization(all, i))) {
        dropped = 1;
        kept.dropped_initial =
            kept.dropped_initial || (!is_organization && is_initial(all.words[i]));
      }
      if (dropped == 0) {
        kept.words.push_back(all.words[i]);
        dropped = 1;
      } else {
        kept.dropped_something = true;
      }
      after_organization = is_organization;
      i += dropped;
    }
    return kept;
  }

  // The same without what is glued to the names in scripts without spaces.
  [[nodiscard]] KeptWords kept_unglued(const Words& all) const {
    KeptWords glued = kept(all);
    if (std::ranges::all_of(glued.words,
                            [](const TextWord& word) { return word.ideographs == 0; })) {
      return glued;
    }
    KeptWords result{.words = {},
                     .dropped_something = glued.dropped_something,
                     .dropped_initial = glued.dropped_initial};
    for (const TextWord& word : glued.words) {
      const std::string_view name =
          word.ideographs == 0 ? word.text : lexicon_.glued().name_in(word.text);
      if (name.size() == word.text.size()) {
        result.words.push_back(word);
        continue;
      }
      result.dropped_something = true;
      const std::vector<std::string> token{lexicon_token(name)};
      if (lexicon_.match_length(Kind::kDecoration, token) == 0) {
        result.words.push_back(text_words(name).front());
      }
    }
    return result;
  }

  // How many words stand before words such as `via`; all of them if there are none.
  [[nodiscard]] std::size_t name_end(const Words& all) const {
    for (std::size_t i = 0; i < all.words.size(); ++i) {
      if (lexicon_.match_length(Kind::kEndsName, std::span{all.tokens}.subspan(i)) > 0) {
        return i;
      }
    }
    return all.words.size();
  }

 private:
  [[nodiscard]] bool leads_to_organization(const Words& all, std::size_t at) const {
    return at + 1 < all.words.size() && is_organization_word_(all.tokens[at + 1]) &&
           lexicon_.match_length(Kind::kBeforeOrganization, std::span{all.tokens}.subspan(at, 1)) >
               0;
  }

  static bool is_initial(const TextWord& word) { return word.letters == 1 && word.ideographs == 0; }

  const DecorationLexicon& lexicon_;
  const IsOrganizationWord& is_organization_word_;
};

void add(std::vector<ShownNameCandidate>& candidates, ShownNameCandidate candidate) {
  if (std::ranges::find(candidates, candidate.text, &ShownNameCandidate::text) ==
      candidates.end()) {
    candidates.push_back(std::move(candidate));
  }
}

void add_undecorated(std::vector<ShownNameCandidate>& candidates,
                     Part part,
                     const Undecorator& undecorator,
                     const Words& words) {
  const KeptWords kept = undecorator.kept_unglued(words);
  if (kept.dropped_something && may_be_name(kept.words)) {
    add(candidates,
        {.part = part, .text = join(kept.words), .drops_initial = kept.dropped_initial});
  }
}

void add_segment(std::vector<ShownNameCandidate>& candidates,
                 const Undecorator& undecorator,
                 std::string_view segment) {
  Words words = words_of(segment);
  if (may_be_segment_name(words.words)) {
    add(candidates, {.part = Part::kSegment, .text = join(words.words)});
    add_undecorated(candidates, Part::kSegment, undecorator, words);
  }
}

// A text that shows the same name twice, as services do that know a name and a nickname.
void add_first_of_two(std::vector<ShownNameCandidate>& candidates, const Words& words) {
  const std::size_t half = words.tokens.size() / 2;
  const std::span all{words.tokens};
  if (half >= 2 && words.tokens.size() % 2 == 0 &&
      std::ranges::equal(all.first(half), all.last(half))) {
    add(candidates, {.part = Part::kUndecorated, .text = join(std::span{words.words}.first(half))});
  }
}

void add_name_before_end(std::vector<ShownNameCandidate>& candidates,
                         const Undecorator& undecorator,
                         const Words& all) {
  const std::size_t end = undecorator.name_end(all);
  if (end == 0 || end == all.words.size()) {
    return;
  }
  Words words = all;
  words.words.resize(end);
  words.tokens.resize(end);
  if (may_be_segment_name(words.words)) {
    add(candidates, {.part = Part::kSegment, .text = join(words.words)});
    add_undecorated(candidates, Part::kSegment, undecorator, words);
  }
}

ShownNameCandidates candidates_of(std::string_view text, const Undecorator& undecorator) {
  ShownNameCandidates result;
  result.candidates.push_back({.part = Part::kWhole, .text = std::string{text}});
  const Words words = words_of(text);
  if (text.contains('|')) {
    // In the whole text it reads as the letter it looks like; it may be a mere separator too.
    add(result.candidates, {.part = Part::kWhole, .text = join(words.words)});
  }
  add_undecorated(result.candidates, Part::kUndecorated, undecorator, words);
  add_first_of_two(result.candidates, words);
  add_name_before_end(result.candidates, undecorator, words);
  if (!may_have_segments(text)) {
    return result;
  }
  std::vector<std::string_view> segments = text_segments(text, SegmentCommas::kSeparate);
  if (segments.size() < 2) {
    return result;
  }
  if (segments.size() > kMaximumSegments) {
    result.has_more = true;
    segments.resize(kMaximumSegments);
  }
  for (const std::string_view segment : segments) {
    add_segment(result.candidates, undecorator, segment);
  }
  return result;
}

// A name of two words is read in all ways as a whole; more is cut into parts, and the words around
// a name must be known as what they are read as.
bool needs_drawn_reading(std::string_view text) {
  constexpr std::size_t kNameWords = 2;
  return !is_ascii(text) && (text_words(text).size() > kNameWords ||
                             text_segments(text, SegmentCommas::kSeparate).size() > 1);
}

}  // namespace

ShownNameCandidates shown_name_candidates(std::string_view text,
                                          const DecorationLexicon& lexicon,
                                          const IsOrganizationWord& is_organization_word) {
  const Undecorator undecorator{lexicon, is_organization_word};
  ShownNameCandidates result = candidates_of(text, undecorator);
  if (!needs_drawn_reading(text)) {
    return result;
  }
  ShownNameCandidates drawn = candidates_of(drawn_text(text), undecorator);
  result.has_more = result.has_more || drawn.has_more;
  for (ShownNameCandidate& candidate : drawn.candidates) {
    candidate.is_drawn = true;
    add(result.candidates, std::move(candidate));
  }
  return result;
}

std::string undecorated_name(std::string_view display_name, std::string_view surname) {
  const std::string surname_token = lexicon_token(surname);
  const Words* chosen = nullptr;
  std::vector<Words> parts;
  for (const std::string_view segment : text_segments(display_name, SegmentCommas::kKeep)) {
    parts.push_back(words_of(segment));
  }
  for (const Words& part : parts) {
    const bool has_surname = !surname_token.empty() &&
                             std::ranges::find(part.tokens, surname_token) != part.tokens.end();
    if (has_surname || (chosen == nullptr && may_be_name(part.words))) {
      chosen = &part;
    }
    if (has_surname) {
      break;
    }
  }
  if (chosen == nullptr) {
    return {};
  }
  const IsOrganizationWord none = [](std::string_view) { return false; };
  // Not unglued: 山田部長 would be published as 山田, the name of many.
  const KeptWords kept = Undecorator{DecorationLexicon::built_in(), none}.kept(*chosen);
  const bool drops_something = parts.size() > 1 || kept.dropped_something;
  return drops_something && may_be_name(kept.words) ? join(kept.words) : std::string{};
}

}  // namespace policy
