// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/common_names.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/nickname_table.h"
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

namespace {

template <typename Read>
bool is_told(const Read& read) {
  check(read.has_value() || (!read.error().message.empty() && is_plain(read.error().message)));
  return read.has_value();
}

constexpr auto kPieces = std::to_array<std::string_view>({"\n",
                                                          "# ",
                                                          "[decorations]\n",
                                                          "[legal forms]\n",
                                                          "[before an organization]\n",
                                                          "[name ends before]\n",
                                                          "[given names]\n",
                                                          "[surnames]\n",
                                                          "[",
                                                          "]",
                                                          ": ",
                                                          ", ",
                                                          "robert: bob, rob\n",
                                                          "bob",
                                                          "dr.",
                                                          "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD",
                                                          "\xE5\x85\x88\xE7\x94\x9F",
                                                          "\xCC\x88",
                                                          "\xFF",
                                                          "\r\n",
                                                          "\t",
                                                          std::string_view{"\0", 1}});

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

// The lists of names and words that stand beside a policy.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz_input(data, size);
  if (const auto table = policy::NicknameTable::parse(text); is_told(table)) {
    const auto relatives = table->relatives_of("bob");
    check(std::ranges::is_sorted(relatives));
    // A name and its nickname stand for each other.
    for (const std::string& relative : relatives) {
      check(std::ranges::count(table->relatives_of(relative), "bob") == 1);
    }
  }
  if (const auto lexicon = policy::DecorationLexicon::parse(text); is_told(lexicon)) {
    const std::array<std::string, 2> tokens{"dr", "bob"};
    check(lexicon->match_length(policy::DecorationLexicon::Kind::kDecoration, tokens) <=
          tokens.size());
  }
  if (const auto names = policy::CommonNames::parse(text); is_told(names)) {
    static_cast<void>(names->contains("bob"));
  }
  return 0;
}
