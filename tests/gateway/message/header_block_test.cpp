// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/header_block.h"

#include "policy/verdict/finding.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {
namespace {

using namespace std::string_literals;
using policy::SenderFieldName;

constexpr std::size_t kFields = 100'000;

TEST(HeaderBlock, IsReadWithEitherLineEnd) {
  for (const std::string_view block :
       {"From: a@b.c\r\nTo:d@e.f\r\n\r\nbody: x\r\n", "From: a@b.c\nTo:d@e.f\n\nbody: x\n"}) {
    const HeaderBlock read = parse_header_block(block);
    ASSERT_EQ(read.fields.size(), 2U);
    EXPECT_EQ(read.fields[0].name, "From");
    EXPECT_EQ(read.fields[0].value, "a@b.c");
    EXPECT_EQ(read.fields[1].name, "To");
    EXPECT_EQ(read.fields[1].value, "d@e.f");
    EXPECT_EQ(read.stray_lines, 0U);
    EXPECT_TRUE(block.substr(read.size).starts_with("body"));
  }
}

TEST(HeaderBlock, KeepsFolds) {
  const HeaderBlock read = parse_header_block("From: John\r\n Smith\r\n\t<a@b.c>\r\nTo: x");
  ASSERT_EQ(read.fields.size(), 2U);
  EXPECT_EQ(read.fields[0].value, "John\r\n Smith\r\n\t<a@b.c>");
  EXPECT_EQ(read.fields[1].value, "x");
}

TEST(HeaderBlock, DropsOneSpaceBehindTheColon) {
  EXPECT_EQ(parse_header_block("From:  x\r\n").fields.at(0).value, " x");
  EXPECT_EQ(parse_header_block("From:\r\n x\r\n").fields.at(0).value, "\r\n x");
}

TEST(HeaderBlock, NotesSpaceBeforeTheColon) {
  for (const std::string_view block :
       {"From : x\r\n", "From\t: x\r\n", "From\r\n : x\r\n", "From \n\t : x\n"}) {
    const HeaderBlock read = parse_header_block(block);
    ASSERT_EQ(read.fields.size(), 1U) << block;
    EXPECT_EQ(read.fields[0].name, "From");
    EXPECT_EQ(read.fields[0].value, "x");
    EXPECT_TRUE(read.fields[0].space_before_colon);
  }
}

TEST(HeaderBlock, CountsWhatIsNoField) {
  const HeaderBlock read =
      parse_header_block("From <any@attack.example>\r\nTo x: y\r\n: empty\r\nSubject: t\r\n");
  ASSERT_EQ(read.fields.size(), 1U);
  EXPECT_EQ(read.fields[0].name, "Subject");
  EXPECT_EQ(read.stray_lines, 3U);
}

TEST(HeaderBlock, ShowsAFieldThatBeginsWithSpaceToo) {
  const HeaderBlock read = parse_header_block(" From: a@b.c\r\nFrom: d@e.f\r\n");
  ASSERT_EQ(read.fields.size(), 2U);
  EXPECT_EQ(read.fields[0].name, "From");
  EXPECT_EQ(read.stray_lines, 1U);
}

TEST(HeaderBlock, TakesAnyOctetAsData) {
  const std::string block = "Fr\0om: a\0b\xff\rc\r\nFrom\x0b: x"s;
  const HeaderBlock read = parse_header_block(block);
  ASSERT_EQ(read.fields.size(), 2U);
  EXPECT_EQ(read.fields[0].value, "a\0b\xff\rc"s);
  EXPECT_EQ(sender_field_name(read.fields[0].name), SenderFieldName::kFrom);
  EXPECT_EQ(sender_field_name(read.fields[1].name), SenderFieldName::kFrom);
}

TEST(HeaderBlock, EndsAtItsEmptyLineOrItsEnd) {
  EXPECT_EQ(parse_header_block("").size, 0U);
  EXPECT_EQ(parse_header_block("\r\nFrom: x").size, 2U);
  EXPECT_EQ(parse_header_block("A: b\n\r\nFrom: x").fields.size(), 1U);
  EXPECT_EQ(parse_header_block("A: b").size, 4U);
}

TEST(HeaderBlock, HoldsAHundredThousandFields) {
  std::string block;
  for (std::size_t i = 0; i < kFields; ++i) {
    block += "X-Pad: x\r\n\tfolded\r\n";
  }
  block += "From: a@b.c\r\n";
  const HeaderBlock read = parse_header_block(block);
  EXPECT_EQ(read.fields.size(), kFields + 1);
  EXPECT_EQ(read.fields.back().name, "From");
}

TEST(SenderFieldName, IsFoundHoweverItIsSpelled) {
  EXPECT_EQ(sender_field_name("From"), SenderFieldName::kFrom);
  EXPECT_EQ(sender_field_name("fROM"), SenderFieldName::kFrom);
  EXPECT_EQ(sender_field_name("From \t"), SenderFieldName::kFrom);
  EXPECT_EQ(sender_field_name("From\xa0"), SenderFieldName::kFrom);
  EXPECT_EQ(sender_field_name("SENDER"), SenderFieldName::kSender);
  EXPECT_EQ(sender_field_name("Reply-To"), SenderFieldName::kReplyTo);
  for (const std::string_view other : {"", "X-From", "Fro", "Froms", "Resent-From", "ReplyTo"}) {
    EXPECT_EQ(sender_field_name(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace gateway
