// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/reply_template.h"

#include "policy/verdict/finding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace policy {
namespace {

Finding finding_about(const std::string& person, const std::string& reason) {
  Finding finding;
  finding.person = person;
  finding.reason = reason;
  return finding;
}

std::string fill(std::string_view text, const Finding& finding) {
  return ReplyTemplate::parse(text).value().fill(finding);
}

std::string refusal(std::string_view text) {
  const auto parsed = ReplyTemplate::parse(text);
  return parsed.has_value() ? "" : parsed.error().message;
}

TEST(ReplyTemplate, FillsItsPlaceholders) {
  const Finding finding = finding_about("Ada Lovelace", "no such sender");
  EXPECT_EQ(fill("{reason}", finding), "no such sender");
  EXPECT_EQ(fill("For {person}: {reason}. Call us.", finding),
            "For Ada Lovelace: no such sender. Call us.");
  EXPECT_EQ(fill("{person}{person}", finding), "Ada LovelaceAda Lovelace");
  EXPECT_EQ(ReplyTemplate::reason().fill(finding), "no such sender");
}

TEST(ReplyTemplate, NamesCannotInjectAnything) {
  const Finding finding = finding_about("{reason}", "a\r\n250 OK");
  EXPECT_EQ(fill("{person}", finding), "{reason}");
  EXPECT_EQ(fill("{reason}", finding), "a\\u{D}\\u{A}250 OK");
  EXPECT_EQ(fill("{reason}", finding_about("", "Zoë \xFF")), "Zo\\u{EB} \\xFF");
}

TEST(ReplyTemplate, IsOneLineOfPrintableAsciiWhateverTheLength) {
  const std::string filled =
      fill("{person} {reason}", finding_about(std::string(400, 'x'), std::string(4000, '\n')));
  EXPECT_EQ(filled.size(), kMaximumReplyTextOctets);
  EXPECT_TRUE(filled.ends_with("..."));
  EXPECT_TRUE(std::ranges::all_of(filled, [](char c) { return c >= ' ' && c <= '~'; }));
}

TEST(ReplyTemplate, RefusesWhatItCannotFill) {
  EXPECT_EQ(refusal("{address}"),
            "'{address}' is no placeholder; use {reason}, {person} and plain text without other "
            "braces");
  for (const char* text : {"{", "}", "{}", "a {reason", "{{reason}}", "{Reason}", "x} {reason}"}) {
    EXPECT_NE(refusal(text).find("is no placeholder"), std::string::npos) << text;
  }
}

TEST(ReplyTemplate, IsShortPrintableAscii) {
  EXPECT_NE(refusal("").find("1 to 400"), std::string::npos);
  EXPECT_NE(refusal(std::string(401, 'x')).find("1 to 400"), std::string::npos);
  for (const char* text : {"a\nb", "a\r", "\x1b[0m", "é", "\t"}) {
    EXPECT_NE(refusal(text).find("printable ASCII"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace policy
