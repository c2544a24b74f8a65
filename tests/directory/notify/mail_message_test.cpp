// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/mail_message.h"

#include "directory/store/records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

PlainMail mail(std::string subject, std::string text) {
  PlainMail made;
  made.from = "fromguard@gw.example.net";
  made.to = {"a@example.net", "b@example.net"};
  made.subject = std::move(subject);
  made.text = std::move(text);
  made.id = "msg_1";
  made.time = 1'700'000'000;
  return made;
}

bool has_line(const std::string& message, std::string_view line) {
  return ("\r\n" + message).find("\r\n" + std::string{line} + "\r\n") != std::string::npos;
}

std::size_t longest_line(const std::string& message) {
  std::size_t longest = 0;
  std::size_t begin = 0;
  while (begin < message.size()) {
    const std::size_t end = std::min(message.find("\r\n", begin), message.size());
    longest = std::max(longest, end - begin);
    begin = end + 2;
  }
  return longest;
}

TEST(MailMessage, HasWhatEveryMessageNeeds) {
  const std::string message = compose_mail(mail("All is well", "One line.\nAnother.\n"));
  for (const char* line : {"Date: Tue, 14 Nov 2023 22:13:20 +0000",
                           "From: fromguard <fromguard@gw.example.net>",
                           "To: a@example.net,",
                           " b@example.net",
                           "Message-ID: <msg_1@gw.example.net>",
                           "Subject: All is well",
                           "Auto-Submitted: auto-generated",
                           "Content-Type: text/plain; charset=utf-8",
                           "Content-Transfer-Encoding: 7bit",
                           "One line.",
                           "Another."}) {
    EXPECT_TRUE(has_line(message, line)) << line << "\n" << message;
  }
  EXPECT_NE(message.find("\r\n\r\nOne line.\r\n"), std::string::npos);
}

TEST(MailMessage, AHostileNameAddsNoFieldAndHidesNothing) {
  const std::string message = compose_mail(mail(
      "Ada\r\nBcc: victim@contoso.com\r\n\r\nbody \xe2\x80\xae", "x \xe2\x80\xae\x1b[31m y\n"));
  EXPECT_EQ(message.find("\r\nBcc:"), std::string::npos);
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
  EXPECT_EQ(message.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_NE(message.find("\\u{202E}"), std::string::npos);
}

TEST(MailMessage, OtherLettersAreEncodedInWordsAndLinesThatStandMail) {
  std::string name;
  for (int i = 0; i < 40; ++i) {
    name += "Ödegård ";
  }
  const std::string message = compose_mail(mail(name, name + "\n" + std::string(2000, 'x') + "\n"));
  EXPECT_TRUE(std::ranges::all_of(message, [](char c) { return c > 0 && c < '\x7f'; }));
  EXPECT_LE(longest_line(message), 78U);
  EXPECT_TRUE(has_line(message, "Content-Transfer-Encoding: base64"));
  EXPECT_NE(message.find("Subject: =?utf-8?B?"), std::string::npos);
}

TEST(MailMessage, SeveralNotificationsAreOneMailWithWhatWasDropped) {
  Notification first;
  first.level = NotificationLevel::kError;
  first.organization = "contoso";
  first.directory = "Staff";
  first.text = "Reading has failed.";
  first.advice = "Look at the file.";
  first.times = 3;
  const MailText one = notifications_mail({first}, 0);
  EXPECT_EQ(one.subject, "[fromguard] contoso/Staff: Reading has failed.");
  EXPECT_EQ(one.text,
            "1970-01-01T00:00:00Z error, 3 times\ncontoso/Staff: Reading has failed.\n"
            "What to do: Look at the file.\n\n");
  const MailText two = notifications_mail({first, first}, 7);
  EXPECT_EQ(two.subject, "[fromguard] 2 notifications");
  EXPECT_TRUE(two.text.starts_with("7 older ones were dropped before they could be sent.\n"));
}

}  // namespace
}  // namespace directory
