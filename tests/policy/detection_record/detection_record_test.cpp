// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/detection_record/detection_record.h"

#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {
namespace {

DetectionRecord full_record() {
  DetectionRecord record;
  record.id = Ulid::first_of(1'700'000'000'123).next();
  record.time = 1'700'000'000;
  record.organization = "contoso";
  record.queue_id = "4ABC";
  record.message_id = "<1@freemail.example>";
  record.client = "198.51.100.7";
  record.helo = "mail.freemail.example";
  record.mail_from = "billing@freemail.example";
  record.recipients = {"reception@contoso.com"};
  record.recipient_count = 1;
  record.shown = {"Ada Lovelace \xe2\x80\xae<b>", std::string("nul\0\n", 5)};
  record.from = "Ada Lovelace <ada@freemail.example>";
  record.reply_to = {"ada@reply.example"};
  record.person = "Ada Lovelace";
  record.address = "ada@freemail.example";
  record.finding = "protected_name";
  record.match = "exact";
  record.field = "from";
  record.reason = "Protected Name Ada Lovelace should not appear as ada@freemail.example";
  record.disposition = "malicious";
  record.action = "quarantine";
  record.decides = true;
  record.mode = "monitor";
  record.rule = "executives";
  record.shadow_action = "reject";
  record.shadow_rule = "strict";
  record.policy = "3f2a9c1e";
  record.generation = 42;
  record.authentication = "mx.example; spf=fail";
  record.noted = {{.finding = "protected_name", .match = "typo", .reason = "Ada Lovelase"}};
  return record;
}

DetectionRecord read_back(const DetectionRecord& record) {
  return decode_detection(encode_detection(record)).value();
}

std::string replaced(std::string text, std::string_view old, std::string_view with) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), with);
}

TEST(DetectionRecord, IsReadAsItWasWritten) {
  EXPECT_EQ(read_back(full_record()), full_record());
  EXPECT_EQ(encode_detection(full_record()).find('\n'), std::string::npos);
}

TEST(DetectionRecord, OctetsThatAreNoUtf8AreShown) {
  DetectionRecord record = full_record();
  record.from = "Ada \xff\xfe <ada@freemail.example>";
  record.shown = {"\xc3"};
  const DetectionRecord read = read_back(record);
  EXPECT_EQ(read.from, "Ada \\xFF\\xFE <ada@freemail.example>");
  EXPECT_EQ(read.shown.at(0), "\\xC3");
  record.from.assign(5000, '\x80');
  EXPECT_EQ(read_back(record).from.size(), kMostRecordedOctets);
}

TEST(DetectionRecord, EverythingIsBounded) {
  DetectionRecord record = full_record();
  record.from.assign(5000, '\xff');
  record.helo = std::string(kMostRecordedOctets - 1, 'h') + "\xc3\xa9";
  record.recipients.assign(5000, std::string(5000, '\x01'));
  record.recipient_count = 5000;
  record.shown.assign(100, std::string(5000, '\x02'));
  record.reply_to.assign(100, std::string(5000, '\x03'));
  record.noted.assign(100, {.finding = "x", .match = "", .reason = std::string(5000, '\x04')});
  const std::string encoded = encode_detection(record);
  EXPECT_LE(encoded.size(), kMostEncodedOctets);
  const DetectionRecord read = decode_detection(encoded).value();
  EXPECT_EQ(read.from.size(), kMostRecordedOctets);
  EXPECT_EQ(read.helo, std::string(kMostRecordedOctets - 1, 'h'));
  EXPECT_EQ(read.recipients.size(), kMostRecipients);
  EXPECT_EQ(read.recipients.front().size(), kMostRecordedAddressOctets);
  EXPECT_EQ(read.recipient_count, 5000U);
  EXPECT_EQ(read.shown.size(), kMostRecordedItems);
  EXPECT_EQ(read.noted.size(), kMostRecordedItems);
  EXPECT_EQ(read_back(read), read);
}

TEST(DetectionRecord, MembersOfANewerWriterAreIgnored) {
  const std::string encoded =
      replaced(encode_detection(full_record()), "{", R"({"colour":{"of":["no","concern"]},)");
  EXPECT_EQ(decode_detection(encoded).value(), full_record());
}

TEST(DetectionRecord, AWordOfANewerWriterIsTaken) {
  const std::string encoded =
      replaced(encode_detection(full_record()), "\"exact\"", "\"telepathy\"");
  EXPECT_EQ(decode_detection(encoded).value().match, "telepathy");
}

TEST(DetectionRecord, WhatIsNoRecordIsRefused) {
  const std::string good = encode_detection(full_record());
  const std::string long_text(kMostRecordedOctets + 1, 'x');
  for (const std::string& bad : {std::string{},
                                 std::string{"[]"},
                                 std::string{"{}"},
                                 std::string{"{\"schema\":1}"},
                                 good.substr(0, good.size() - 1),
                                 good + "x",
                                 std::string(kMostEncodedOctets + 1, ' ') + good,
                                 std::string(100, '[') + std::string(100, ']'),
                                 replaced(good, "\"schema\":1", "\"schema\":2"),
                                 replaced(good, "\"schema\":1", "\"schema\":\"1\""),
                                 replaced(good, "\"time\":17", "\"time\":\"\",\"x\":17"),
                                 replaced(good, "\"time\":", "\"time\":1.5,\"x\":"),
                                 replaced(good, "\"generation\":42", "\"generation\":-1"),
                                 replaced(good, "\"decides\":true", "\"decides\":1"),
                                 replaced(good, "\"id\":\"", "\"id\":\"!"),
                                 replaced(good, "\"exact\"", "17"),
                                 replaced(good, "\"exact\"", '"' + long_text + '"'),
                                 replaced(good, "\"exact\"", "\"\xff\""),
                                 replaced(good, "[\"reception@contoso.com\"]", "{}"),
                                 replaced(good, "[\"reception@contoso.com\"]", "[[]]"),
                                 replaced(good, "\"noted\":[", "\"noted\":[1,"),
                                 replaced(good, "\"contoso\"", "\"\"")}) {
    const auto read = decode_detection(bad);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
  }
}

}  // namespace
}  // namespace policy
