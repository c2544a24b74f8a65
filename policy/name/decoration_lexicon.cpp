// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/decoration_lexicon.h"

#include "policy/name/ascii_forms.h"
#include "policy/name/built_in_decorations.h"
#include "policy/name/entry_lines.h"
#include "policy/name/name_forms.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kMaximumPhraseTokens = 8;

using Kind = DecorationLexicon::Kind;

std::optional<Kind> kind_of_section(std::string_view name) {
  if (name == "[decorations]") {
    return Kind::kDecoration;
  }
  if (name == "[legal forms]") {
    return Kind::kLegalForm;
  }
  if (name == "[name ends before]") {
    return Kind::kEndsName;
  }
  if (name == "[before an organization]") {
    return Kind::kBeforeOrganization;
  }
  return std::nullopt;
}

}  // namespace

Result<DecorationLexicon> DecorationLexicon::parse(std::string_view text) {
  DecorationLexicon lexicon;
  std::optional<Kind> section;
  const auto done = read_entry_lines(text, [&](std::size_t /*number*/, std::string_view line) {
    return lexicon.add_line(section, line);
  });
  if (!done.has_value()) {
    return std::unexpected{done.error()};
  }
  return lexicon;
}

Result<void> DecorationLexicon::add_line(std::optional<Kind>& section, std::string_view line) {
  if (line.starts_with('[')) {
    section = kind_of_section(line);
    return section.has_value() ? Result<void>{}
                               : fail(ErrorCode::kInvalidInput,
                                      "unknown section; use [decorations], [legal forms], "
                                      "[before an organization] or [name ends before]");
  }
  const std::vector<std::string> tokens = folded_tokens(line);
  if (!section.has_value()) {
    return fail(ErrorCode::kInvalidInput,
                "an entry before the first section; start with [decorations]");
  }
  if (tokens.empty() || tokens.size() > kMaximumPhraseTokens) {
    return fail(ErrorCode::kInvalidInput, "an entry must have 1 to 8 words with letters in them");
  }
  add(*section, tokens);
  if (*section == Kind::kDecoration) {
    glued_.add(line);
  }
  return {};
}

const DecorationLexicon& DecorationLexicon::built_in() {
  static const DecorationLexicon lexicon = [] {
    auto parsed = parse(kBuiltInDecorations);
    if (!parsed.has_value()) {
      throw std::logic_error{"conf/decorations.txt: " + parsed.error().message};
    }
    return *std::move(parsed);
  }();
  return lexicon;
}

void DecorationLexicon::add(Kind kind, std::span<const std::string> tokens) {
  Entries& entries = entries_.at(static_cast<std::size_t>(kind));
  std::string phrase;
  for (const std::string& token : tokens) {
    phrase += phrase.empty() ? token : ' ' + token;
  }
  entries.first_words.insert(tokens.front());
  entries.phrases.insert(std::move(phrase));
}

std::size_t DecorationLexicon::match_length(Kind kind, std::span<const std::string> tokens) const {
  const Entries& entries = entries_.at(static_cast<std::size_t>(kind));
  if (tokens.empty() || !entries.first_words.contains(tokens.front())) {
    return 0;
  }
  std::size_t longest = 0;
  std::string phrase;
  for (std::size_t i = 0; i < std::min(tokens.size(), kMaximumPhraseTokens); ++i) {
    phrase += i == 0 ? tokens[i] : ' ' + tokens[i];
    if (entries.phrases.contains(phrase)) {
      longest = i + 1;
    }
  }
  return longest;
}

std::string lexicon_token(std::string_view word) {
  return is_ascii(word) ? ascii_folded_word(word) : squashed(folded_tokens(word));
}

}  // namespace policy
