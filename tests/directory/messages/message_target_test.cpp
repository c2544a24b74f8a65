// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/message_target.h"

#include "directory/graph/message_queries.h"

#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

MessageCopy copy_from(const std::string& sender) {
  MessageCopy copy;
  copy.sender = sender;
  copy.subject = "Invoice  of\tMarch";
  copy.received = 1'000'000;
  return copy;
}

TEST(MessageTarget, AMessageIdIsTakenWithAndWithoutItsBrackets) {
  EXPECT_EQ(parse_message_id(" <a@b.example>\r\n").value(), "<a@b.example>");
  EXPECT_EQ(parse_message_id("a@b.example").value(), "<a@b.example>");
  EXPECT_FALSE(parse_message_id(" ").has_value());
  EXPECT_FALSE(parse_message_id(std::string(999, 'x')).has_value());
}

TEST(MessageTarget, SendersAreComparedAsAddressesAndSubjectsByTheirWords) {
  MessageTarget target;
  target.sender = "ada@freemail.example";
  target.subject = "Invoice of March";
  EXPECT_EQ(objection_to(target, copy_from("Ada@FreeMail.example")), "");
  EXPECT_EQ(objection_to(target, copy_from("bob@freemail.example")),
            "its sender is bob@freemail.example");
  EXPECT_EQ(objection_to(target, copy_from("")), "it has no sender");
  target.subject = "Invoice of April";
  EXPECT_NE(objection_to(target, copy_from("ada@freemail.example")), "");
}

TEST(MessageTarget, WhatWasReceivedAtAnotherTimeIsAnotherMessage) {
  MessageTarget target;
  target.not_before = 999'000;
  target.not_after = 1'001'000;
  MessageCopy copy = copy_from("ada@freemail.example");
  EXPECT_EQ(objection_to(target, copy), "");
  copy.received = 998'000;
  EXPECT_EQ(objection_to(target, copy), "it was received before the detection");
  copy.received = 1'002'000;
  EXPECT_EQ(objection_to(target, copy), "it was received days later");
  copy.received = 0;  // not told
  EXPECT_EQ(objection_to(target, copy), "");
}

TEST(MessageTarget, WhatIsHostileInASubjectIsMadeVisible) {
  MessageTarget target;
  target.subject = "Invoice";
  MessageCopy copy = copy_from("ada@freemail.example");
  copy.subject = "\x1b[31mred";
  EXPECT_EQ(objection_to(target, copy), "its subject is \\u{1B}[31mred");
}

}  // namespace
}  // namespace directory
