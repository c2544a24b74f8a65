// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/message_fields.h"

#include "policy/verdict/message_senders.h"
#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

MessageFields from_envelope(std::string_view sender) {
  MessageFields fields;
  fields.set_mail_from(sender);
  return fields;
}

TEST(MessageFields, ReadsWhatSaysWhoSent) {
  MessageFields fields;
  EXPECT_TRUE(fields.add("From", "Ada <ada@x.example>", false));
  EXPECT_FALSE(fields.add("sender", "desk@x.example", false));
  EXPECT_FALSE(fields.add("REPLY-TO", "Eve <eve@y.example>", false));
  EXPECT_FALSE(fields.add("List-ID", "Dev list <dev.Lists.example>", false));
  EXPECT_FALSE(fields.add("X-Original-Sender", " <Ada@X.example> ", false));
  EXPECT_FALSE(fields.add("Subject", "hello", false));
  const policy::MessageSenders senders = fields.finish();
  EXPECT_EQ(mailboxes_of(senders.from), "ada@x.example*");
  EXPECT_EQ(mailboxes_of(senders.sender), "desk@x.example");
  EXPECT_EQ(mailboxes_of(senders.reply_to), "eve@y.example*");
  EXPECT_EQ(senders.list_domains, std::vector<std::string>{"lists.example"});
  EXPECT_EQ(senders.original_senders, std::vector<std::string>{"ada@x.example"});
}

TEST(MessageFields, AMessageWithoutThemHasNone) {
  const policy::MessageSenders senders = MessageFields{}.finish();
  EXPECT_EQ(words_of(senders.from.defects), "no_field");
  EXPECT_EQ(senders.sender.field_count, 0U);
  EXPECT_EQ(senders.reply_to.field_count, 0U);
}

TEST(MessageFields, WithoutFromTheEnvelopeIsShown) {
  const policy::MessageSenders senders = from_envelope("\"ada\"@x.example").finish();
  EXPECT_EQ(mailboxes_of(senders.from), "ada@x.example");
  EXPECT_EQ(senders.from.field_count, 0U);
  EXPECT_EQ(words_of(senders.from.defects), "no_field");
}

TEST(MessageFields, WithoutFromTheFullNameIsShownWithTheEnvelope) {
  MessageFields fields = from_envelope("any@x.example");
  fields.add("FULL-NAME\t", " =?utf-8?q?Ada?= Lovelace", false);
  fields.add("Full-Name", "Bob <bob@y.example>, Eve", false);
  const policy::SenderField from = fields.finish().from;
  EXPECT_EQ(mailboxes_of(from), "any@x.example* bob@y.example* any@x.example*");
  EXPECT_EQ(identities_of(from), "phrase#0=Ada Lovelace | phrase#1=Bob | phrase#2=Eve");
  EXPECT_EQ(words_of(from.defects), "no_field");
}

TEST(MessageFields, AFullNameIsShownWithoutAnEnvelopeToo) {
  MessageFields fields;
  fields.add("Full-Name", "Ada Lovelace", false);
  const policy::SenderField from = fields.finish().from;
  EXPECT_EQ(mailboxes_of(from), "<>*");
  EXPECT_EQ(identities_of(from), "phrase#0=Ada Lovelace");
}

TEST(MessageFields, AnEmptyFromIsLikeNone) {
  MessageFields fields = from_envelope("any@x.example");
  fields.add("From", " ", false);
  fields.add("Full-Name", "Ada Lovelace", false);
  const policy::SenderField from = fields.finish().from;
  EXPECT_EQ(mailboxes_of(from), "any@x.example*");
  EXPECT_EQ(from.field_count, 1U);
  EXPECT_EQ(words_of(from.defects), "no_address");
}

TEST(MessageFields, BesideAFromNeitherIsShown) {
  for (const std::string written : {"eve@x.example", "Eve", "(Eve)"}) {
    MessageFields fields = from_envelope("any@x.example");
    fields.add("Full-Name", "Ada Lovelace", false);
    fields.add("From", written, false);
    const policy::SenderField from = fields.finish().from;
    EXPECT_EQ(mailboxes_of(from), mailboxes_of(read_from({written}))) << written;
    EXPECT_EQ(identities_of(from), identities_of(read_from({written}))) << written;
  }
}

TEST(MessageFields, ALongFullNameHitsALimit) {
  MessageFields fields = from_envelope("any@x.example");
  fields.add("Full-Name", std::string(1000, 'x') + " Ada Lovelace", false);
  EXPECT_EQ(words_of(fields.finish().from.limits), "phrase_length");
}

TEST(MessageFields, AStrayLineMakesFromDoubtful) {
  MessageFields fields;
  fields.add("From", "Ada <ada@x.example>", false);
  fields.note_stray_line();
  EXPECT_EQ(words_of(fields.finish().from.defects), "stray_syntax");
}

// Judging texts is what a message costs.
TEST(MessageFields, OfOtherFieldsLessTextIsReadThanOfFrom) {
  std::string value;
  for (int i = 0; i < 30; ++i) {
    value += std::string(100, 'n') + std::to_string(i) + " <a@x.example>,";
  }
  MessageFields fields;
  fields.add("From", value, false);
  fields.add("Sender", value, false);
  fields.add("Reply-To", value, false);
  const policy::MessageSenders senders = fields.finish();
  EXPECT_EQ(words_of(senders.from.limits), "");
  for (const policy::SenderField& field : {senders.sender, senders.reply_to}) {
    EXPECT_EQ(words_of(field.limits), "phrase_length");
    EXPECT_EQ(field.identities.size(), 20U);
    EXPECT_NE(field.beyond_limits.find("n29 <a@x.example>"), std::string::npos);
  }
}

TEST(MessageFields, HoldsNoMoreListsThanAMessageHas) {
  MessageFields fields;
  for (int i = 0; i < 1000; ++i) {
    fields.add("List-Id", "<a.lists" + std::to_string(i) + ".example>", false);
  }
  fields.add("X-Original-Sender", std::string(10'000, 'a') + "@x.example", false);
  const policy::MessageSenders senders = fields.finish();
  EXPECT_EQ(senders.list_domains.size(), std::size_t{16});
  EXPECT_TRUE(senders.original_senders.empty());
}

}  // namespace
}  // namespace gateway
