// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"

#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kKey = "k";

YamlValue parse(std::string_view text) {
  Problems problems;
  const auto value = parse_yaml(text, "f", problems);
  if (!value.has_value()) {
    throw std::runtime_error{problems.text()};
  }
  return *value;
}

// Reads the key `k` of a mapping and keeps what was said.
template <typename Read>
auto read(std::string_view text, std::string& told, Read&& read_key) {
  Problems problems;
  MappingReader reader{parse("k: " + std::string{text} + "\n"), problems};
  auto value = std::forward<Read>(read_key)(reader);
  told = problems.text();
  return value;
}

template <typename Read>
void expect_refused(std::string_view text, std::string_view part, Read&& read_key) {
  std::string told;
  EXPECT_FALSE(read(text, told, std::forward<Read>(read_key)).has_value()) << text;
  EXPECT_TRUE(told.starts_with("f:1:")) << told;
  EXPECT_NE(told.find(part), std::string::npos) << told;
}

template <typename Value, typename Read>
void expect_read(std::string_view text, const Value& expected, Read&& read_key) {
  std::string told;
  EXPECT_EQ(read(text, told, std::forward<Read>(read_key)), expected) << text;
  EXPECT_EQ(told, "") << text;
}

TEST(MappingReader, ReadsTexts) {
  const auto string = [](MappingReader& reader) { return reader.string(kKey); };
  expect_read("a b", std::optional<std::string>{"a b"}, string);
  expect_read("010", std::optional<std::string>{"010"}, string);
  expect_read("\"\"", std::optional<std::string>{""}, string);
  expect_refused("", "'k' must be a text, not nothing; give a value after the colon", string);
  expect_refused("[a]", "not a list", string);
  expect_refused("{a: b}", "not a mapping", string);
}

TEST(MappingReader, BooleansAreTrueOrFalseWithoutQuotes) {
  const auto boolean = [](MappingReader& reader) { return reader.boolean(kKey); };
  expect_read("true", std::optional{true}, boolean);
  expect_read("false", std::optional{false}, boolean);
  for (const char* text : {"yes", "no", "on", "True", "FALSE", "1", "\"true\"", "'no'"}) {
    expect_refused(text, "'k' must be true or false, not ", boolean);
  }
}

TEST(MappingReader, IntegersAreDigitsThatMeanOneNumber) {
  const auto integer = [](MappingReader& reader) { return reader.integer(kKey); };
  expect_read("0", std::optional<std::uint64_t>{0}, integer);
  expect_read("18446744073709551615", std::optional{UINT64_MAX}, integer);
  for (const char* text : {"010",
                           "00",
                           "-1",
                           "+1",
                           "0x10",
                           "1_000",
                           "1.0",
                           "1e3",
                           "18446744073709551616",
                           "\"1\"",
                           "1 2",
                           "a"}) {
    expect_refused(text, "'k' must be a whole number, not ", integer);
  }
  expect_refused("7", "'k' is 7; give a number from 1 to 6", [](MappingReader& reader) {
    return reader.integer(kKey, 1, 6);
  });
}

TEST(MappingReader, DurationsHaveUnits) {
  const auto duration = [](MappingReader& reader) { return reader.duration(kKey); };
  expect_read("250ms", std::optional{milliseconds{250}}, duration);
  expect_read("5s", std::optional{milliseconds{5'000}}, duration);
  expect_read("2m", std::optional{milliseconds{120'000}}, duration);
  expect_read("26h", std::optional{milliseconds{93'600'000}}, duration);
  expect_read("1d", std::optional{milliseconds{86'400'000}}, duration);
  expect_read("\"5s\"", std::optional{milliseconds{5'000}}, duration);
  for (const char* text : {"5", "s", "5 s", "05s", "1.5h", "-5s", "5S", "5sec", "5s5s"}) {
    expect_refused(text, "write it like 30s; units: ms, s, m, h, d", duration);
  }
  expect_refused("999999999999999999d", "too large", duration);
}

TEST(MappingReader, SizesHaveUnits) {
  const auto size = [](MappingReader& reader) { return reader.size(kKey); };
  expect_read("0B", std::optional<std::uint64_t>{0}, size);
  expect_read("64KiB", std::optional<std::uint64_t>{65'536}, size);
  expect_read("1MiB", std::optional<std::uint64_t>{1'048'576}, size);
  expect_read("2GB", std::optional<std::uint64_t>{2'000'000'000}, size);
  for (const char* text : {"64", "64K", "64kib", "1 MiB", "010MiB"}) {
    expect_refused(text, "units: B, KiB, MiB, GiB, kB, MB, GB", size);
  }
  expect_refused("99999999999999GiB", "too large", size);
}

TEST(MappingReader, PercentagesHaveTheirSign) {
  const auto percentage = [](MappingReader& reader) { return reader.percentage(kKey); };
  expect_read("20%", std::optional{20.0}, percentage);
  expect_read("0.5%", std::optional{0.5}, percentage);
  expect_read("100%", std::optional{100.0}, percentage);
  for (const char* text : {"20", "\"%\"", "101%", "-1%", "1e1%", "nan%", "20 %", "1.2.3%", ".5%"}) {
    expect_refused(text, "write it from 0% to 100%", percentage);
  }
}

TEST(MappingReader, ListsOfTextsAreNeverEmpty) {
  const auto strings = [](MappingReader& reader) { return reader.strings(kKey); };
  expect_read("[a, b]", std::optional{std::vector<std::string>{"a", "b"}}, strings);
  expect_read("a", std::optional{std::vector<std::string>{"a"}}, strings);
  expect_refused("[]", "f:1:4: 'k' is an empty list; leave the key out", strings);
  expect_refused("{a: b}", "must be a list of texts, not a mapping", strings);
  expect_refused("[a, ~]", "f:1:8: 'k' must list texts, not nothing", strings);
}

TEST(MappingReader, WordsAreChosenFromAList) {
  constexpr std::array<std::pair<std::string_view, int>, 2> kWords{{{"accept", 1}, {"tag", 2}}};
  const auto choose = [&](MappingReader& reader) { return reader.word<int>(kKey, kWords); };
  expect_read("tag", std::optional{2}, choose);
  expect_refused("acept", "f:1:4: 'k' cannot be 'acept'; did you mean 'accept'?", choose);
  expect_refused("drop", "'k' cannot be 'drop'; known here: accept, tag", choose);
  expect_refused("[tag]", "'k' must be a word, not a list", choose);
}

TEST(MappingReader, WhatIsAbsentReadsAsAbsentWithoutAWord) {
  Problems problems;
  MappingReader reader{parse("a: 1\n"), problems};
  EXPECT_FALSE(reader.value("b").has_value());
  EXPECT_FALSE(reader.string("b").has_value());
  EXPECT_FALSE(reader.boolean("b").has_value());
  EXPECT_FALSE(reader.integer("b").has_value());
  EXPECT_FALSE(reader.duration("b").has_value());
  EXPECT_FALSE(reader.size("b").has_value());
  EXPECT_FALSE(reader.percentage("b").has_value());
  EXPECT_FALSE(reader.strings("b").has_value());
  EXPECT_FALSE(reader.mapping("b").has_value());
  EXPECT_EQ(problems.text(), "");
}

TEST(MappingReader, ReadsMappingsWithin) {
  Problems problems;
  MappingReader reader{parse("a: {b: 1}\nc:\nd: x\n"), problems};
  auto inner = reader.mapping("a");
  ASSERT_TRUE(inner.has_value());
  EXPECT_EQ(inner->integer("b"), std::optional<std::uint64_t>{1});
  ASSERT_TRUE(reader.mapping("c").has_value());
  EXPECT_FALSE(reader.mapping("d").has_value());
  EXPECT_EQ(
      problems.text(),
      "f:3:4: 'd' must be a mapping, not 'x'; write 'key: value' lines, indented, below it\n");
}

TEST(MappingReader, OfNoMappingSaysSoOnce) {
  Problems problems;
  MappingReader reader{parse("[a]"), problems};
  EXPECT_FALSE(reader.string("a").has_value());
  reader.finish();
  EXPECT_EQ(problems.text(),
            "f:1:1: this must be a mapping, not a list; write 'key: value' lines\n");
}

TEST(MappingReader, FinishReportsEveryKeyNobodyAskedFor) {
  Problems problems;
  MappingReader reader{parse("listen: a\npolcy: b\nqqqq: c\nold: d\n"), problems};
  reader.string("listen");
  reader.string("policy");
  reader.refuse("old", "'old' is gone; remove it");
  reader.finish();
  EXPECT_EQ(problems.text(),
            "f:2:1: unknown key 'polcy'; did you mean 'policy'?\n"
            "f:3:1: unknown key 'qqqq'; known here: listen, policy\n"
            "f:4:6: 'old' is gone; remove it\n");
}

TEST(MappingReader, SaysWhatIsMissingAndWhere) {
  Problems problems;
  MappingReader reader{parse("a: {b: 1}\n"), problems};
  auto inner = reader.mapping("a");
  ASSERT_TRUE(inner.has_value());
  inner->require("b");
  inner->require("c");
  inner->finish();
  EXPECT_EQ(problems.text(), "f:1:4: the key 'c' is missing; add it\n");
}

TEST(MappingReader, ProblemsOfAKeyStandAtItsValue) {
  Problems problems;
  MappingReader reader{parse("a:   1\n"), problems};
  reader.error("a", "wrong");
  reader.warning("b", "absent");
  EXPECT_EQ(problems.text(), "f:1:6: wrong\nf:1:1: warning: absent\n");
}

}  // namespace
}  // namespace policy
