// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_list.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/soundness.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

// libFuzzer's own mutation, which it gives to custom ones.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

policy::SenderField read(std::string_view value, const gateway::SenderFieldLimits& limits) {
  gateway::SenderFieldBuilder builder{policy::SenderFieldName::kFrom, limits};
  gateway::read_sender_list(value, builder);
  return std::move(builder.field());
}

using Chance = std::minstd_rand;

std::size_t below(std::size_t end, Chance& chance) {
  return end == 0 ? 0 : chance() % end;
}

// Some octets of the input: where they begin, and how many.
struct Slice {
  std::size_t begin = 0;
  std::size_t size = 0;
};

Slice any_slice(std::string_view value, Chance& chance) {
  constexpr std::size_t kLongest = 40;
  const std::size_t begin = below(value.size() + 1, chance);
  return {.begin = begin, .size = below(std::min(kLongest, value.size() - begin) + 1, chance)};
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kAround{{
    {"\"", "\""},
    {"(", ")"},
    {"<", ">"},
    {"=?utf-8?Q?", "?="},
    {"=?utf-8?B?", "?="},
    {"group: ", ";"},
    {"", " <a@b.example>"},
    {"", ", "},
    {"\\", ""},
    {"@relay.example:", ""},
    {"[", "]"},
}};

// Octets that decode again to what they are, in any of the charsets that decode otherwise.
std::string as_encoded_word(std::string_view text, Chance& chance) {
  constexpr std::array<std::string_view, 8> kCharsets{
      "utf-8", "iso-8859-1", "utf-7", "utf-16", "iso-2022-jp", "x-unknown", "gb18030*zh", ""};
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string word = "=?" + std::string{kCharsets.at(below(kCharsets.size(), chance))} + "?Q?";
  for (const char character : text) {
    const auto octet = static_cast<unsigned char>(character);
    word += {'=', kDigits[octet / 16U], kDigits[octet % 16U]};
  }
  return word + "?=";
}

// Keeps the grammar alive: something is put around a part, a part is repeated or encoded.
std::string mutate_by_grammar(std::string value, Chance& chance) {
  const Slice slice = any_slice(value, chance);
  const std::string part = value.substr(slice.begin, slice.size);
  switch (below(4, chance)) {
    case 0: value.insert(below(value.size() + 1, chance), part); return value;
    case 1: value.replace(slice.begin, slice.size, as_encoded_word(part, chance)); return value;
    default: {
      const auto& [before, behind] = kAround.at(below(kAround.size(), chance));
      value.replace(slice.begin, slice.size, std::string{before} + part + std::string{behind});
      return value;
    }
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                               std::size_t size,
                                               std::size_t max_size,
                                               unsigned int seed) {
  Chance chance{seed};
  if (below(2, chance) == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  const std::string mutated = mutate_by_grammar(std::string{fuzz_input(data, size)}, chance);
  const std::size_t kept = std::min(mutated.size(), max_size);
  std::copy_n(mutated.begin(), kept, data);
  return kept;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value = fuzz_input(data, size);
  const policy::SenderField field = read(value, {});
  check_sound(field, {}, size);
  // Reading twice costs a third of the runs, and a difference shows in a part of them, too.
  constexpr std::size_t kReadTwice = 8;
  check(size % kReadTwice != 0 || is_same(field, read(value, {})));
  const policy::SenderField tight = read(value, kTightLimits);
  check_sound(tight, kTightLimits, size);
  check(!tight.limits.empty() || is_same(field, tight));
  return 0;
}
