// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/name_match.h"

#include "policy/ascii.h"
#include "policy/name/ascii_forms.h"
#include "policy/name/lookalike_letters.h"
#include "policy/name/match.h"
#include "policy/name/name_forms.h"
#include "policy/name/name_keys.h"
#include "policy/name/plain_name.h"
#include "policy/name/protected_name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using Path = NameForm::Path;

bool agree_squashed(const NameForm& shown, const NameForm& other) {
  return may_squash(shown) && may_squash(other) && squashed(shown.tokens) == squashed(other.tokens);
}

std::optional<Match> compare_plainly(std::string_view shown, std::string_view protected_name) {
  const PlainName shown_plain = plain_name(shown);
  const PlainName protected_plain = plain_name(protected_name);
  if (shown_plain.form.tokens.empty() || shown_plain.disguised != protected_plain.disguised) {
    return std::nullopt;
  }
  if (shown_plain.form.tokens == protected_plain.form.tokens ||
      agree_squashed(shown_plain.form, protected_plain.form)) {
    return Match::kExact;
  }
  if (sorted_and_joined(shown_plain.form.tokens) ==
      sorted_and_joined(protected_plain.form.tokens)) {
    return Match::kReordered;
  }
  return std::nullopt;
}

// The letters as they are drawn, in lower case. With `strokes`, capital I and small l are one.
std::vector<std::string> drawn_tokens(std::string_view text, bool strokes) {
  constexpr char kStroke = '1';
  std::vector<std::string> tokens;
  std::string token;
  for (const char c : text) {
    const bool is_stroke = strokes && (c == 'I' || c == 'l');
    const char lower = is_stroke ? kStroke : ascii_lower(c);
    if (is_stroke || (lower >= 'a' && lower <= 'z')) {
      token += lower == 'm' ? std::string{"rn"} : std::string{lower};
    } else if (c != '\'' && c != '`' && !token.empty()) {
      tokens.push_back(std::exchange(token, {}));
    }
  }
  if (!token.empty()) {
    tokens.push_back(std::move(token));
  }
  return tokens;
}

// Keys have no case, so that `Lan` and `lan` look alike to them; only the second is drawn like
// `Ian`.
bool may_be_drawn_alike(std::string_view shown, std::string_view other) {
  if (!is_ascii(shown) || !is_ascii(other) || has_ascii_lookalikes(shown) ||
      has_ascii_lookalikes(other)) {
    return true;
  }
  return std::ranges::any_of(std::array{false, true}, [&](bool strokes) {
    const std::vector<std::string> left = drawn_tokens(shown, strokes);
    const std::vector<std::string> right = drawn_tokens(other, strokes);
    const std::string joined = squashed(left);
    const std::string turned = squashed(right) + squashed(right);
    return sorted_and_joined(left) == sorted_and_joined(right) ||
           (2 * joined.size() == turned.size() && turned.find(joined) != std::string::npos);
  });
}

// What is left of two names by one alteration may be the same although both are other names: of two
// in one foreign script, of "Renamed 1" and "Renamed 2".
bool both_altered(Path shown, Path other) {
  return shown == other &&
         (shown == Path::kLatin || shown == Path::kDigits || shown == Path::kLookalike);
}

bool has_common_key(const NameForm& shown, const NameForm& other) {
  const std::vector<std::string> shown_keys = name_keys({shown});
  const std::vector<std::string> stored_keys = protected_name_keys({other}, false);
  return std::ranges::any_of(shown_keys, [&](const std::string& key) {
    return std::ranges::find(stored_keys, key) != stored_keys.end();
  });
}

}  // namespace

std::optional<Match> compare_names(std::string_view shown, std::string_view protected_name) {
  if (const auto plain = compare_plainly(shown, protected_name); plain.has_value()) {
    return plain;
  }
  const std::vector<NameForm> protected_forms = name_forms(protected_name);
  const std::vector<NameForm> shown_forms = name_forms(shown);
  const bool looks_alike = std::ranges::any_of(shown_forms, [&](const NameForm& form) {
    return std::ranges::any_of(protected_forms, [&](const NameForm& other) {
      return !both_altered(form.path, other.path) && has_common_key(form, other);
    });
  });
  return looks_alike && may_be_drawn_alike(shown, protected_name) ? std::optional{Match::kLookalike}
                                                                  : std::nullopt;
}

bool is_single_word(std::string_view name) {
  const PlainName plain = plain_name(name);
  constexpr std::size_t kIdeographs = 2;
  return plain.form.tokens.size() < 2 && plain.form.ideographs < kIdeographs;
}

}  // namespace policy
