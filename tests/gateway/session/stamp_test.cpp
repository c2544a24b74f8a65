// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/stamp.h"

#include "gateway/message/encoded_word.h"
#include "gateway/session/verdict.h"
#include "policy/name/match.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/finding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): NULs in literals

Verdict verdict_about(std::string_view person, std::string_view address) {
  policy::Finding finding;
  finding.match = policy::Match::kLookalike;
  finding.organization_name = "contoso";
  finding.person = person;
  finding.address = policy::visible_text(address);
  finding.reason =
      "Protected Name " + policy::visible_text(person) + " should not appear as " + finding.address;
  policy::Decision decision;
  decision.rule = "executives";
  Verdict verdict;
  verdict.kind = Verdict::Kind::kFinding;
  verdict.findings = {{.finding = finding, .decision = decision}};
  verdict.policy_digest = "3f2a9c1e";
  verdict.generation = 42;
  return verdict;
}

std::vector<std::string> lines_of(std::string_view value) {
  std::vector<std::string> lines{""};
  for (const char c : value) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

std::string unfolded(std::string value) {
  std::erase(value, '\n');
  return value;
}

std::string decoded(const std::string& value) {
  return decode_encoded_words(unfolded(value)).text;
}

// A field of this name with this value is one field of printable ASCII for every MTA.
void expect_one_field(std::string_view name, std::string_view value) {
  const std::vector<std::string> lines = lines_of(value);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_TRUE(std::ranges::all_of(lines[i], [](char c) { return c >= ' ' && c < 0x7f; }))
        << lines[i];
    EXPECT_LT(lines[i].size() + (i == 0 ? name.size() + 2 : 0), 998U);
    EXPECT_TRUE(i == 0 || (lines[i].starts_with(' ') && lines[i] != "  ")) << lines[i];
  }
}

// The names in a `name=value` list, quoted strings aside.
std::string names_in(const std::string& value) {
  std::string names;
  bool quoted = false;
  std::string name;
  bool in_name = true;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ';') {
      in_name = true;
    } else if (!quoted && in_name && c == '=') {
      names += name + ' ';
      name.clear();
      in_name = false;
    } else if (in_name && c != ' ' && c != '\n') {
      name += c;
    }
  }
  return names;
}

TEST(Stamp, IsWordForWordAsSpecified) {
  const Verdict verdict = verdict_about("Ada Lovelace", "ada@freemail.example");
  EXPECT_EQ(unfolded(result_value(verdict)),
            "finding=protected_name; match=lookalike; field=from;  person=\"Ada Lovelace\"; "
            "address=ada@freemail.example; disposition=spoof;  action=tag; rule=executives; "
            "policy=3f2a9c1e; generation=42");
  EXPECT_EQ(reason_value(verdict),
            "Protected Name Ada Lovelace should not appear as ada@freemail.example");
}

TEST(Stamp, BreaksLinesBetweenParameters) {
  const std::string value = result_value(verdict_about("Ada Lovelace", "ada@freemail.example"));
  const std::vector<std::string> lines = lines_of(value);
  EXPECT_GT(lines.size(), 1U);
  for (const std::string& line : lines) {
    EXPECT_LE(line.size(), 78U);
    EXPECT_TRUE(&line == &lines.back() || line.ends_with(';')) << line;
  }
}

TEST(Stamp, SaysThatNothingWasFound) {
  Verdict verdict;
  verdict.policy_digest = "3f2a9c1e";
  verdict.generation = 42;
  EXPECT_EQ(result_value(verdict), "finding=none; policy=3f2a9c1e; generation=42");
  EXPECT_EQ(reason_value(verdict), "");
}

TEST(Stamp, SaysWhyAMessageWasNotJudged) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kDegraded;
  verdict.degradation = Degradation::kNoSnapshot;
  verdict.degraded_action = policy::ActionKind::kTag;
  verdict.policy_digest = "3f2a9c1e";
  EXPECT_EQ(result_value(verdict), "degraded=no_snapshot; action=tag; policy=3f2a9c1e");
  EXPECT_EQ(reason_value(verdict), "");
}

TEST(Stamp, SaysWhatAStaleSnapshotStillFound) {
  Verdict verdict = verdict_about("Ada Lovelace", "x@freemail.example");
  verdict.degradation = Degradation::kStaleSnapshot;
  verdict.degraded_action = policy::ActionKind::kTag;
  const std::string value = result_value(verdict);
  EXPECT_TRUE(value.starts_with("finding=protected_name;"));
  EXPECT_NE(value.find("degraded=stale_snapshot"), std::string::npos);
}

TEST(Stamp, LeavesOutWhatThereIsNot) {
  Verdict verdict = verdict_about("", "x@freemail.example");
  verdict.findings.front().finding.kind = policy::FindingKind::kMalformedFrom;
  verdict.findings.front().finding.match.reset();
  verdict.findings.front().decision.rule.clear();
  EXPECT_EQ(names_in(result_value(verdict)),
            "finding field address disposition action policy generation ");
}

TEST(Stamp, HoldsWhateverANameAddressOrRuleHolds) {
  const std::vector<std::string> hostile{
      "a\r\nX-Spam-Flag: NO",
      "a\nb",
      "a\rb",
      "a\0b"s,
      "\xff\xfe 8-bit",
      "caf\xe9",
      "Zoë Świątek 王小明",
      "\xE2\x80\xAE"
      "gnp.exe",
      "\" ; action=accept; x=\"",
      "back\\slash\\",
      "=?utf-8?q?forged?=",
      "?= =?",
      "a; b=c",
      " leading and trailing ",
      std::string(5'000, 'a'),
      std::string(5'000, '"'),
      std::string(5'000, ' '),
      std::string(70'000, '\n'),
      "",
  };
  const std::string names =
      "finding match field person address disposition action rule policy "
      "generation ";
  for (const std::string& text : hostile) {
    for (Verdict verdict : {verdict_about(text, "x@freemail.example"),
                            verdict_about("Ada Lovelace", text + "@freemail.example"),
                            verdict_about("Ada Lovelace", "x@freemail.example")}) {
      if (verdict.findings.front().finding.address == "x@freemail.example") {
        verdict.findings.front().decision.rule = "rule " + text;
      }
      const std::string result = result_value(verdict);
      expect_one_field(kResultField, result);
      const std::string reason = reason_value(verdict);
      expect_one_field(kReasonField, reason);
      EXPECT_EQ(decoded(reason), verdict.findings.front().finding.reason);
      if (!verdict.findings.front().finding.person.empty()) {
        EXPECT_EQ(names_in(result), names) << result.substr(0, 300);
      }
    }
  }
}

TEST(Stamp, AParameterIsATokenAQuotedStringOrEncodedWords) {
  EXPECT_EQ(encode_parameter("ada@freemail.example"), "ada@freemail.example");
  EXPECT_EQ(encode_parameter("Ada Lovelace"), "\"Ada Lovelace\"");
  EXPECT_EQ(encode_parameter(R"(A "B" \C)"), R"("A \"B\" \\C")");
  EXPECT_EQ(encode_parameter(""), "\"\"");
  EXPECT_EQ(encode_parameter("Zoë"), "=?utf-8?q?Zo=C3=AB?=");
}

TEST(Stamp, EncodedWordsDecodeToExactlyWhatWentIn) {
  std::string long_text;
  for (int i = 0; i < 400; ++i) {
    long_text += "Świątek 王 \xF0\x9F\x98\x80 ";
  }
  for (const std::string& text : {"Zoë Świątek"s,
                                  "=?utf-8?q?a?="s,
                                  "  two  spaces  é  "s,
                                  "under_score = ? é"s,
                                  long_text,
                                  std::string(3'000, 'a')}) {
    const std::string encoded = encode_parameter(text) + "";
    expect_one_field("person=", encoded);
    if (encoded.starts_with("=?")) {
      EXPECT_EQ(decoded(encoded), text);
      for (const std::string& line : lines_of(encoded)) {
        EXPECT_LE(line.size(), 75U + 2U);
      }
    }
    EXPECT_EQ(decoded(encode_unstructured(text)), text);
  }
}

TEST(Stamp, EveryEncodedWordStandsOnItsOwn) {
  // A character that is cut in two would be lost on readers that decode each word by itself.
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "\xF0\x9F\x98\x80";
  }
  for (const std::string& line : lines_of(encode_unstructured(text))) {
    const std::string word = decode_encoded_words(line, WordReading::kSingly).text;
    EXPECT_FALSE(policy::first_invalid_utf8(word).has_value());
    EXPECT_EQ(word.find("\xEF\xBF\xBD"), std::string::npos);
    EXPECT_NE(word.find("\xF0\x9F\x98\x80"), std::string::npos);
  }
}

TEST(Stamp, OctetsThatAreNoUtf8DoNotMakeAWordTooLong) {
  expect_one_field(kReasonField, encode_unstructured(std::string(2'000, '\x80')));
  for (const std::string& line : lines_of(encode_unstructured(std::string(2'000, '\x80')))) {
    EXPECT_LE(line.size(), 75U + 2U);
  }
}

}  // namespace
}  // namespace gateway
