// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/charset.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace {

using policy::YamlValue;

// What every reader of a configuration relies on; gives the number of values.
std::size_t check_sound(const YamlValue& value, std::size_t depth) {
  check(depth <= policy::kMaximumYamlDepth);
  check(policy::is_utf8(value.text()));
  check(value.place().line >= 1 && value.place().column >= 1);
  std::size_t count = 1;
  for (const YamlValue& item : value.items()) {
    check(value.kind() == YamlValue::Kind::kSequence);
    count += check_sound(item, depth + 1);
  }
  std::set<std::string_view> keys;
  for (const auto& [key, member] : value.entries()) {
    check(value.kind() == YamlValue::Kind::kMapping && key.kind() == YamlValue::Kind::kScalar);
    check(keys.insert(key.text()).second);
    count += check_sound(member, depth + 1);
  }
  return count;
}

enum class Word { kOne, kTwo };

void read_as_settings(const YamlValue& value) {
  constexpr std::array<std::pair<std::string_view, Word>, 2> kWords{
      {{"one", Word::kOne}, {"two", Word::kTwo}}};
  policy::Problems problems;
  policy::MappingReader reader{value, problems};
  static_cast<void>(reader.string("text"));
  static_cast<void>(reader.boolean("flag"));
  const auto number = reader.integer("number", 2, 9);
  check(!number.has_value() || (*number >= 2 && *number <= 9));
  const auto time = reader.duration("time");
  check(!time.has_value() || time->count() >= 0);
  static_cast<void>(reader.size("size"));
  const auto part = reader.percentage("part");
  check(!part.has_value() || (*part >= 0 && *part <= 100));
  const auto texts = reader.strings("texts");
  check(!texts.has_value() || !texts->empty());
  static_cast<void>(reader.word<Word>("word", kWords));
  if (auto below = reader.mapping("below"); below.has_value()) {
    below->require("text");
    below->finish();
  }
  reader.finish();
  for (const policy::Problem& problem : problems.all()) {
    check(is_plain(format_problem(problem)));
  }
}

constexpr auto kPieces = joined(kPiecesOfYaml,
                                std::to_array<std::string_view>({"text: ",
                                                                 "flag: ",
                                                                 "number: ",
                                                                 "time: ",
                                                                 "size: ",
                                                                 "part: ",
                                                                 "texts: ",
                                                                 "word: ",
                                                                 "below: ",
                                                                 "5ms",
                                                                 "7d",
                                                                 "1 h",
                                                                 "99999999999999999d",
                                                                 "3 GiB",
                                                                 "9e9KiB",
                                                                 "20%",
                                                                 "0.5%",
                                                                 "-1%",
                                                                 "one",
                                                                 "tow",
                                                                 "[a, b]",
                                                                 "{a: b}"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  policy::Problems problems;
  const std::optional<YamlValue> root =
      policy::parse_yaml(fuzz_input(data, size), "file.yaml", problems);
  check_told(root.has_value(), problems);
  if (root.has_value()) {
    check(check_sound(*root, 1) <= policy::kMaximumYamlNodes);
    read_as_settings(*root);
  }
  return 0;
}
