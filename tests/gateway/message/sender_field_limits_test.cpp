// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_field_parser.h"
#include "policy/name/charset.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {
namespace {

constexpr std::size_t kFieldOctets = std::size_t{64} * 1024;

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

bool holds(const policy::SenderField& field, std::string_view text) {
  return field.beyond_limits.find(text) != std::string::npos;
}

TEST(FieldSizeLimit, IsReachedAndNotPassed) {
  const std::string address = "<boss@x.example>";
  const std::string fits = std::string(kFieldOctets - address.size(), ' ') + address;
  EXPECT_EQ(mailboxes_of(read_from({fits})), "boss@x.example");
  EXPECT_EQ(words_of(read_from({fits}).limits), "");

  const policy::SenderField field = read_from({' ' + fits});
  EXPECT_EQ(words_of(field.limits), "field_size");
  EXPECT_TRUE(holds(field, "<boss@x.example>"));
}

TEST(FieldSizeLimit, CountsAllFieldsTogether) {
  const std::string half(kFieldOctets / 2, ' ');
  const policy::SenderField field = read_from({half, half, "Boss <boss@x.example>"});
  EXPECT_EQ(words_of(field.limits), "field_size");
  EXPECT_EQ(mailboxes_of(field), "");
  EXPECT_EQ(field.beyond_limits, "Boss <boss@x.example>");
}

TEST(FieldSizeLimit, DoesNotCutAWordInTwo) {
  const std::string padding(kFieldOctets - 30, 'x');
  const policy::SenderField field =
      read_from({padding + " =?utf-8?B?Sm9obiBTbWl0aCB0aGUgYm9zcw==?= <e@x.example>"});
  EXPECT_TRUE(holds(field, "John Smith the boss <e@x.example>"));
}

void expect_bounded(const policy::SenderField& field, std::string_view pattern) {
  EXPECT_NE(words_of(field.limits), "") << pattern;
  EXPECT_LE(field.beyond_limits.size(), kFieldOctets) << pattern;
  EXPECT_LE(field.mailboxes.size(), 64U) << pattern;
  EXPECT_LE(field.identities.size(), 512U) << pattern;
  EXPECT_TRUE(policy::is_utf8(field.beyond_limits)) << pattern;
}

TEST(FieldSizeLimit, BoundsTenMegabytes) {
  for (const std::string_view pattern : {" ", "a", "<a@b>,"}) {
    expect_bounded(read_from({repeated(pattern, 10'000'000 / pattern.size())}), pattern);
  }
}

TEST(FieldSizeLimit, BoundsWhatIsRepeated) {
  for (const std::string_view pattern :
       {",",         "(",   ")",     "\"",     "<",          ">",
        "@",         "a@",  "@(c)",  "a@b,",   "<a@b>",      "<a:",
        "a:b;",      "(a)", "=?",    "=?a?q?", "=?a?q?b?= ", "\"=?a?q?b?=\" ",
        "=?a?q?,?=", "\\",  "\r\n ", "\r",     "\xff"}) {
    expect_bounded(read_from({repeated(pattern, 300'000 / pattern.size())}), pattern);
  }
}

TEST(MailboxLimit, IsReachedAndNotPassed) {
  const std::string list = repeated("a@x.example,", 63);
  EXPECT_EQ(words_of(read_from({list + "boss@x.example"}).limits), "");
  EXPECT_EQ(read_from({list + "boss@x.example"}).mailboxes.size(), 64U);

  const policy::SenderField field = read_from({list + "a@x.example,Boss <boss@x.example>"});
  EXPECT_EQ(words_of(field.limits), "mailboxes");
  EXPECT_EQ(field.mailboxes.size(), 64U);
  EXPECT_TRUE(holds(field, "Boss <boss@x.example>"));
}

TEST(MailboxLimit, CountsEntriesWithoutAddress) {
  const policy::SenderField field = read_from({repeated("Jane,", 64) + "Boss <boss@x.example>"});
  EXPECT_EQ(words_of(field.limits), "mailboxes");
  EXPECT_TRUE(holds(field, "Boss <boss@x.example>"));
}

TEST(MailboxLimit, CountsSeveralAddressesOfOneEntry) {
  std::string value;
  for (int i = 0; i < 70; ++i) {
    value += "<u" + std::to_string(i) + "@y.example>";
  }
  const policy::SenderField field = read_from({value});
  EXPECT_EQ(words_of(field.limits), "mailboxes");
  EXPECT_EQ(field.mailboxes.front().address, "u69@y.example");
  EXPECT_TRUE(holds(field, "<u63@y.example>"));
}

// Each text is read in many ways: without this bound a field of 7 KiB took half a second to judge.
TEST(PhraseLimit, CountsTheTextsOfAllMailboxesTogether) {
  constexpr std::size_t kTextOctets = std::size_t{4} * 1024;
  std::string value;
  for (int i = 0; i < 60; ++i) {
    value += repeated("n", 300) + std::to_string(i) + " <a@x.example>,";
  }
  const policy::SenderField field = read_from({value + "Boss <boss@x.example>"});
  EXPECT_EQ(words_of(field.limits), "phrase_length");
  EXPECT_EQ(field.mailboxes.size(), 61U);
  EXPECT_TRUE(holds(field, "Boss <boss@x.example>"));
  std::size_t octets = 0;
  for (const policy::VisibleIdentity& identity : field.identities) {
    octets += identity.text.size();
  }
  EXPECT_LE(octets, kTextOctets);
  EXPECT_GT(octets, kTextOctets / 2);
}

// What an override of direction shows is read in three ways.
TEST(PhraseLimit, CountsATextAsOftenAsItIsRead) {
  const std::string name = "\u202e" + std::string(200, 'n');
  std::string value;
  for (int i = 0; i < 20; ++i) {
    value += name + std::to_string(i) + " <a@x.example>,";
  }
  const policy::SenderField field = read_from({value});
  EXPECT_EQ(words_of(field.limits), "phrase_length");
  EXPECT_EQ(field.identities.size(), 6U);
  EXPECT_TRUE(holds(field, name + "19"));
}

TEST(CommentDepthLimit, IsReachedAndNotPassed) {
  const std::string fits = std::string(31, '(') + "(boss)" + std::string(31, ')') + " a@x.example";
  EXPECT_EQ(words_of(read_from({fits}).limits), "");
  EXPECT_NE(identities_of(read_from({fits})).find("boss"), std::string::npos);

  const policy::SenderField field =
      read_from({std::string(32, '(') + "(boss)" + std::string(32, ')') + " a@x.example"});
  EXPECT_EQ(words_of(field.limits), "comment_depth");
  EXPECT_EQ(mailboxes_of(field), "a@x.example");
  EXPECT_TRUE(holds(field, "boss"));
}

TEST(CommentDepthLimit, IsToldWhereOnlyASecondReadingReachesIt) {
  // The parenthesis within the encoded word opens a comment to clients that look at it first.
  const policy::SenderField field =
      read_from({"=?utf-8?Q?=47(?=" + repeated("(", 32) + repeated(")", 33) + " <boss@x.example>"});
  EXPECT_EQ(words_of(field.limits), "comment_depth");
}

TEST(PhraseLimit, CountsCharactersAfterSpaceIsCollapsed) {
  const std::string spaced = "\"Boss" + std::string(5000, ' ') + "x\" <a@x.example>";
  EXPECT_EQ(words_of(read_from({spaced}).limits), "");
  EXPECT_EQ(identities_of(read_from({spaced})), "phrase#0=Boss x");

  EXPECT_EQ(words_of(read_from({repeated("ü", 512) + " <a@x.example>"}).limits), "");
  const policy::SenderField field = read_from({repeated("ü", 512) + "Boss <a@x.example>"});
  EXPECT_EQ(words_of(field.limits), "phrase_length");
  EXPECT_EQ(field.identities.front().text, repeated("ü", 512));
  EXPECT_TRUE(holds(field, "Boss"));
}

TEST(PhraseLimit, HoldsForPlainNamesToo) {
  EXPECT_EQ(words_of(read_from({std::string(512, 'x') + " <a@x.example>"}).limits), "");
  const policy::SenderField field = read_from({std::string(512, 'x') + "Boss <a@x.example>"});
  EXPECT_EQ(words_of(field.limits), "phrase_length");
  EXPECT_TRUE(holds(field, "Boss"));
}

TEST(TextLimit, BoundsTheTextsOfOneMailbox) {
  const policy::SenderField field = read_from({repeated("(x)", 2000) + "(Boss) a@x.example"});
  EXPECT_EQ(words_of(field.limits), "phrase_length");
  EXPECT_TRUE(holds(field, "(Boss)"));
}

TEST(FieldCountLimit, IsReachedAndNotPassed) {
  SenderFieldParser parser{policy::SenderFieldName::kFrom};
  for (int i = 0; i < 64; ++i) {
    parser.add("", false);
  }
  parser.add("Boss <boss@x.example>", false);
  const policy::SenderField field = parser.finish();
  EXPECT_EQ(field.field_count, 65U);
  EXPECT_EQ(words_of(field.limits), "fields");
  EXPECT_EQ(field.beyond_limits, "Boss <boss@x.example>");
}

}  // namespace
}  // namespace gateway
