// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/charset.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/full_name.h"
#include "policy/name/name_forms.h"
#include "policy/name/name_keys.h"
#include "policy/name/name_match.h"
#include "policy/name/near_name.h"
#include "policy/name/nickname_table.h"
#include "policy/name/protected_name.h"
#include "policy/name/shown_name.h"
#include "policy/name/visible_text.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/plain_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

// What is shown has been made UTF-8 before.
void check_candidates(std::string_view shown) {
  if (!policy::is_utf8(shown)) {
    return;
  }
  const auto found = policy::shown_name_candidates(
      shown, policy::DecorationLexicon::built_in(), [](std::string_view word) {
        return word == "contoso";
      });
  for (const policy::ShownNameCandidate& candidate : found.candidates) {
    check(policy::is_utf8(candidate.text));
  }
}

// Whoever is shown under the very name of a protected person is found by it.
void check_found(std::string_view name) {
  const auto stored = policy::protected_name_keys(name, false);
  const auto asked = policy::name_keys(name);
  check(stored.empty() == asked.empty());
  check(std::ranges::is_sorted(stored));
  for (const std::string& key : stored) {
    check(!key.empty() && key.size() <= policy::kMaximumNameKeyOctets);
  }
  if (!stored.empty()) {
    check(std::ranges::any_of(
        asked, [&](const std::string& key) { return std::ranges::binary_search(stored, key); }));
    // Signs that are only drawn like letters are no name.
    const bool has_letters =
        std::ranges::any_of(policy::name_forms(name), [](const policy::NameForm& form) {
          return form.path == policy::NameForm::Path::kUnfolded ||
                 form.path == policy::NameForm::Path::kFolded;
        });
    check(!has_letters || !policy::is_utf8(name) || policy::compare_names(name, name).has_value());
  }
}

void check_parts(std::string_view name) {
  const policy::FullName full = policy::full_name(name, "", "", policy::NicknameTable::built_in());
  check(full.tokens.size() <= policy::kMaximumFullNameTokens && full.tokens.size() != 1);
  check(full.tokens.empty() || (full.given >= 1 && full.given < full.tokens.size()));
  static_cast<void>(policy::spelling_entries(full));
  static_cast<void>(policy::loose_name_keys(full));
  const policy::ShownTokens shown = policy::shown_tokens(name);
  static_cast<void>(policy::loose_look_up_keys(shown));
}

constexpr auto kPieces = std::to_array<std::string_view>({"Ada",
                                                          "Lovelace",
                                                          " ",
                                                          ", ",
                                                          "-",
                                                          "'",
                                                          ".",
                                                          "Dr. ",
                                                          "(IT)",
                                                          " | Contoso",
                                                          " via ",
                                                          "van der ",
                                                          "\xD0\x90\xD0\xB4\xD0\xB0",
                                                          "\xCE\x91",
                                                          "\xD0\xBE",
                                                          "\xEF\xBC\xA1",
                                                          "\xF0\x9D\x90\x80",
                                                          "\xE2\x80\x8B",
                                                          "\xE2\x80\xAE",
                                                          "\xC2\xAD",
                                                          "\xCC\x88",
                                                          "\xCD\x8F",
                                                          "\xC3\xB6",
                                                          "\xC3\x9F",
                                                          "\xC4\xB0",
                                                          "\xE4\xB8\xAD\xE6\x96\x87",
                                                          "\xED\x95\x9C",
                                                          "\xE1\x84\x92",
                                                          "\xD8\xB9\xD9\x84\xD9\x8A",
                                                          "\xE0\xB8\x81",
                                                          "0",
                                                          "1l|",
                                                          "vv",
                                                          "rn",
                                                          "\xEF\xBF\xBD",
                                                          "\xF4\x8F\xBF\xBF",
                                                          "\xED\xA0\x80",
                                                          "\xC0\xAF",
                                                          "\xFF",
                                                          "\n"});

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view name = fuzz_input(data, size);
  check(is_plain(policy::visible_text(name)));
  // The short way of names in ASCII is the long one.
  check(policy::name_forms(name) == policy::name_forms_by_unicode(name));
  check_found(name);
  check_parts(name);
  check_candidates(name);
  return 0;
}
