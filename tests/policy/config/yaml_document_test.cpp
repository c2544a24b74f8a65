// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/yaml_document.h"

#include "policy/config/problems.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace policy {
namespace {

using Kind = YamlValue::Kind;

constexpr const char* kFile = "x.yaml";

YamlValue parse(std::string_view text) {
  Problems problems;
  const auto value = parse_yaml(text, kFile, problems);
  if (!value.has_value()) {
    throw std::runtime_error{problems.text()};
  }
  EXPECT_EQ(problems.text(), "");
  return *value;
}

// What is said about a text that must be refused.
std::string refusal(std::string_view text) {
  Problems problems;
  EXPECT_FALSE(parse_yaml(text, kFile, problems).has_value());
  EXPECT_TRUE(problems.has_errors());
  return problems.text();
}

std::string place(const YamlValue& value) {
  return std::to_string(value.place().line) + ":" + std::to_string(value.place().column);
}

TEST(YamlDocument, ReadsPlainDataInTheOrderOfTheFile) {
  const YamlValue root = parse("b: [1, two]\na: {x: y}\n");
  ASSERT_EQ(root.kind(), Kind::kMapping);
  ASSERT_EQ(root.entries().size(), 2U);
  EXPECT_EQ(root.entries()[0].first.text(), "b");
  EXPECT_EQ(root.entries()[0].second.items()[1].text(), "two");
  EXPECT_EQ(root.entries()[1].second.entries()[0].second.text(), "y");
}

TEST(YamlDocument, KeepsScalarsAsWrittenAndKnowsQuotes) {
  const YamlValue root = parse("- no\n- 'no'\n- \"010\"\n- 010\n- |\n  block\n- ~\n-\n- off\n");
  const auto& items = root.items();
  ASSERT_EQ(items.size(), 8U);
  EXPECT_EQ(items[0].text(), "no");
  EXPECT_FALSE(items[0].is_quoted());
  EXPECT_TRUE(items[1].is_quoted());
  EXPECT_EQ(items[2].text(), "010");
  EXPECT_TRUE(items[2].is_quoted());
  EXPECT_FALSE(items[3].is_quoted());
  EXPECT_TRUE(items[4].is_quoted());
  EXPECT_EQ(items[5].kind(), Kind::kNull);
  EXPECT_EQ(items[6].kind(), Kind::kNull);
  EXPECT_EQ(items[7].text(), "off");
}

TEST(YamlDocument, PlacesCountFromOneInCharacters) {
  const YamlValue root = parse("# first\nné: [é, \"x\",\n     ü, z]\r\nk:\n  - v\n");
  const auto& entries = root.entries();
  EXPECT_EQ(place(entries[0].first), "2:1");
  EXPECT_EQ(place(entries[0].second), "2:5");
  EXPECT_EQ(place(entries[0].second.items()[0]), "2:6");
  EXPECT_EQ(place(entries[0].second.items()[1]), "2:9");
  EXPECT_EQ(place(entries[0].second.items()[2]), "3:6");
  EXPECT_EQ(place(entries[0].second.items()[3]), "3:9");
  EXPECT_EQ(place(entries[1].second.items()[0]), "5:5");
}

TEST(YamlDocument, WhatIsMissingStandsWhereItShouldBe) {
  const YamlValue root = parse("a: # none\nb:\nc: [x, , ~]\nd:\n  - 1\n  -\n  - 2\nnull_: 1\n");
  const auto& entries = root.entries();
  EXPECT_EQ(place(entries[0].second), "1:1");
  EXPECT_EQ(place(entries[1].second), "2:1");
  EXPECT_EQ(place(entries[2].second.items()[1]), "3:6");
  EXPECT_EQ(place(entries[2].second.items()[2]), "3:10");
  EXPECT_EQ(place(entries[3].second.items()[1]), "6:3");
}

TEST(YamlDocument, AnEmptyTextIsAnEmptyMapping) {
  for (const char* text : {"", "\n", "# nothing\n", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(parse(text).kind(), Kind::kMapping) << text;
  }
  EXPECT_EQ(parse("---\n").kind(), Kind::kNull);
}

TEST(YamlDocument, AByteOrderMarkIsNoPartOfTheFirstKey) {
  const YamlValue root = parse("\xEF\xBB\xBFkey: 1\n");
  EXPECT_EQ(root.entries()[0].first.text(), "key");
  EXPECT_EQ(place(root.entries()[0].first), "1:1");
}

TEST(YamlDocument, RefusesDuplicateKeysAndNamesTheFirst) {
  EXPECT_EQ(refusal("a: 1\nb: 2\n\"a\": 3\n"),
            "x.yaml:3:1: the key 'a' is already given in line 1; give it once\n");
}

TEST(YamlDocument, RefusesEveryTag) {
  for (const char* text : {"a: !!str 1\n",
                           "a: ! 1\n",
                           "a: !x [1]\n",
                           "a: !x {b: 1}\n",
                           "a: !!str",
                           "a: &b !x 1\n",
                           "a: &b # comment\n   !x 1\n",
                           "!x a: 1\n",
                           "!<tag:yaml.org,2002:str> a\n",
                           "- !!null\n- 1\n",
                           "a: ! \"quoted\"\n"}) {
    EXPECT_NE(refusal(text).find("tags are not allowed"), std::string::npos) << text;
  }
  EXPECT_EQ(parse("a: \"!x\"\n").entries()[0].second.text(), "!x");
  EXPECT_EQ(parse("a: x!y\n").entries()[0].second.text(), "x!y");
}

TEST(YamlDocument, ATagIsToldOnceAtItsPlace) {
  EXPECT_EQ(refusal("a: 1\nb: &c !x {d: 1}\n"),
            "x.yaml:2:7: tags are not allowed; write the value alone, in quotes if it begins with "
            "'!'\n");
}

TEST(YamlDocument, RefusesMergeKeysButNotTheirQuotedText) {
  EXPECT_NE(refusal("a: &x {b: 1}\nc: {<<: *x}\n").find("x.yaml:2:5: merge keys"),
            std::string::npos);
  EXPECT_EQ(parse("\"<<\": 1\n").entries()[0].first.text(), "<<");
}

TEST(YamlDocument, RefusesKeysThatAreNoText) {
  for (const char* text : {"{[a]: 1}", "? {a: b}\n: c\n", "~: 1\n", "? \n: x\n"}) {
    EXPECT_NE(refusal(text).find("a key must be a text"), std::string::npos) << text;
  }
}

TEST(YamlDocument, RefusesASecondDocument) {
  EXPECT_EQ(refusal("a: 1\n---\nb: 2\n"),
            "x.yaml:2:1: a second document begins here; keep one document in a file\n");
  EXPECT_EQ(parse("---\na: 1\n...\n").entries().size(), 1U);
}

TEST(YamlDocument, RefusesWhatIsNoUtf8WithItsPlace) {
  EXPECT_EQ(refusal("a: 1\nb: é\xFFx\n"),
            "x.yaml:2:5: octet 0xFF is no UTF-8; save the file as UTF-8\n");
  EXPECT_NE(refusal("a: \xC0\xAF\n").find("1:4"), std::string::npos);
  EXPECT_NE(refusal("a: \xED\xA0\x80\n").find("1:4"), std::string::npos);
  EXPECT_NE(refusal(std::string_view{"\xFF\xFE\x61\0", 4}).find("1:1"), std::string::npos);
}

TEST(YamlDocument, RefusesControlCharactersThatWouldEndTheReadingSilently) {
  EXPECT_NE(
      refusal(std::string_view{"a: 1\nb\0: 2\n", 11}).find("x.yaml:2:2: control character U+0000"),
      std::string::npos);
  EXPECT_NE(refusal("a: 1\n\x04\nb: 2\n").find("2:1: control character U+0004"), std::string::npos);
  EXPECT_EQ(parse("a: \"\\0\"\n").entries()[0].second.text(), std::string(1, '\0'));
}

TEST(YamlDocument, AnAliasIsTheValueAtItsOwnPlace) {
  const YamlValue root = parse("a: &x [1, 2]\nb: *x\n");
  const YamlValue& alias = root.entries()[1].second;
  EXPECT_EQ(alias.items().size(), 2U);
  EXPECT_EQ(place(alias), "2:4");
}

TEST(YamlDocument, AliasesMayNotExpandWithoutBound) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 30; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
    for (int i = 0; i < 9; ++i) {
      bomb += ", " + below;
    }
    bomb += "]\n";
  }
  EXPECT_NE(refusal(bomb).find("over 10,000 values"), std::string::npos);
}

TEST(YamlDocument, AliasesMayNotNestWithoutBoundNorContainThemselves) {
  std::string tower = "- &a0 [x]\n";
  for (int level = 1; level < 100; ++level) {
    tower += "- &a" + std::to_string(level) + " [*a" + std::to_string(level - 1) + "]\n";
  }
  EXPECT_NE(refusal(tower).find("over 64 levels"), std::string::npos);
  EXPECT_NE(refusal("a: &x [*x]\n").find("inside of what it is an alias for"), std::string::npos);
  EXPECT_NE(refusal("a: *nobody\n").find("no valid YAML"), std::string::npos);
}

TEST(YamlDocument, NestsUpTo64Levels) {
  constexpr std::size_t kLevels = 63;
  EXPECT_EQ(parse(std::string(kLevels, '[') + "x" + std::string(kLevels, ']')).kind(),
            Kind::kSequence);
  EXPECT_EQ(refusal(std::string(kLevels + 1, '[') + "x" + std::string(kLevels + 1, ']')),
            "x.yaml:1:65: nested over 64 levels deep; write it flatter\n");
  EXPECT_NE(refusal(std::string(100'000, '[')).find("over 64 levels"), std::string::npos);
  EXPECT_NE(refusal(std::string(100'000, '{')).find("over 64 levels"), std::string::npos);
}

TEST(YamlDocument, BrokenSyntaxIsToldWithItsPlace) {
  EXPECT_NE(refusal("a: 1\nb: [1, 2\nc: 3\n").find("x.yaml:3:"), std::string::npos);
  EXPECT_NE(refusal("a: b: c\n").find("x.yaml:1:5: this is no valid YAML"), std::string::npos);
  EXPECT_NE(refusal("a:\n\t- b\n").find("x.yaml:2:"), std::string::npos);
}

TEST(YamlDocument, AQuoteMustBeClosed) {
  for (const char* text : {"a: \"open\nb: 2\n", "a: 'open\nb: 2\n", "a: \"open\\\"\n"}) {
    EXPECT_EQ(refusal(text), "x.yaml:1:4: this quote is never closed; close it\n") << text;
  }
  EXPECT_NE(refusal("a: \"open").find("no valid YAML"), std::string::npos);
}

TEST(YamlDocument, QuotesMayBeEscaped) {
  EXPECT_EQ(parse("a: 'it''s'\n").entries()[0].second.text(), "it's");
  EXPECT_EQ(parse("a: &x \"\\\"\"\n").entries()[0].second.text(), "\"");
}

TEST(YamlDocument, TellsAllThatIsNoPlainDataAtOnce) {
  const std::string told = refusal("a: !x 1\na: 2\n~: 3\n");
  EXPECT_NE(told.find("x.yaml:1:4: tags"), std::string::npos);
  EXPECT_NE(told.find("x.yaml:2:1: the key 'a'"), std::string::npos);
  EXPECT_NE(told.find("x.yaml:3:1: a key must be a text"), std::string::npos);
}

TEST(YamlDocument, ReadsUpTo8MebibytesOnly) {
  std::string text = "a: 1\n#";
  text.resize(kMaximumYamlOctets, 'x');
  EXPECT_EQ(parse(text).entries().size(), 1U);
  text += 'x';
  EXPECT_EQ(refusal(text), "x.yaml: the file is over 8 MiB; split it or make it smaller\n");
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "fromguard-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder(TemporaryFolder&&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

TEST(ConfigurationFile, IsReadOctetForOctet) {
  const TemporaryFolder folder;
  Problems problems;
  const std::string octets("a: 1\r\n\0\xFF", 8);
  std::ofstream{folder / "a.yaml", std::ios::binary} << octets;
  EXPECT_EQ(read_configuration_file(folder / "a.yaml", problems), octets);
  EXPECT_EQ(problems.text(), "");
}

TEST(ConfigurationFile, ThatIsNotThereIsNamed) {
  const TemporaryFolder folder;
  Problems problems;
  EXPECT_EQ(read_configuration_file(folder / "no.yaml", problems), std::nullopt);
  EXPECT_EQ(problems.text(),
            (folder / "no.yaml").string() +
                ": cannot read it: No such file or directory; check that it exists and may be "
                "read\n");
}

TEST(ConfigurationFile, MustBeARegularFile) {
  const TemporaryFolder folder;
  Problems problems;
  EXPECT_EQ(read_configuration_file(folder / "", problems), std::nullopt);
  EXPECT_EQ(read_configuration_file("/dev/zero", problems), std::nullopt);
  EXPECT_NE(problems.text().find("/dev/zero: this is no regular file"), std::string::npos);
}

TEST(ConfigurationFile, MayNotBeOver8Mebibytes) {
  const TemporaryFolder folder;
  Problems problems;
  std::ofstream{folder / "big.yaml"} << std::string(kMaximumYamlOctets, '#');
  EXPECT_TRUE(read_configuration_file(folder / "big.yaml", problems).has_value());
  std::ofstream{folder / "big.yaml", std::ios::app} << '#';
  EXPECT_FALSE(read_configuration_file(folder / "big.yaml", problems).has_value());
  EXPECT_NE(problems.text().find("over 8 MiB"), std::string::npos);
}

}  // namespace
}  // namespace policy
