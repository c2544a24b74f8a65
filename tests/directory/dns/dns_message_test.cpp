// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/dns_message.h"

#include "directory/dns/mail_dns.h"
#include "policy/ip_address.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using std::string_literals::operator""s;

constexpr std::uint16_t kAnswer = 0x8180;

std::string number16(unsigned number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}

std::string name(std::string_view text) {
  std::string wire;
  while (!text.empty()) {
    const std::string_view label = text.substr(0, text.find('.'));
    wire += static_cast<char>(label.size());
    wire += label;
    text.remove_prefix(std::min(label.size() + 1, text.size()));
  }
  return wire + '\0';
}

std::string record(const std::string& owner, unsigned type, unsigned ttl, const std::string& data) {
  return owner + number16(type) + number16(1) + number16(0) + number16(ttl) +
         number16(static_cast<unsigned>(data.size())) + data;
}

// A message to the question, which stands at octet 12.
std::string message(const DnsQuestion& question,
                    const std::vector<std::string>& records,
                    unsigned flags = kAnswer) {
  std::string text = "id" + number16(flags) + number16(1) +
                     number16(static_cast<unsigned>(records.size())) + number16(0) + number16(0);
  text += name(question.name) + number16(static_cast<unsigned>(question.type)) + number16(1);
  for (const std::string& each : records) {
    text += each;
  }
  return text;
}

// The name of the question, as a pointer to it.
std::string owner() {
  return "\xc0\x0c"s;
}

DnsQuestion mx_question() {
  return {.name = "contoso.com", .type = DnsType::kMx};
}

TEST(DnsMessage, MxComeByPreferenceWithTheLeastTtl) {
  const DnsAnswer answer =
      read_dns_message(message(mx_question(),
                               {record(owner(), 15, 600, number16(20) + name("b.example")),
                                record(owner(), 15, 300, number16(10) + "\2MX" + owner())}),
                       mx_question());
  ASSERT_EQ(answer.status, DnsStatus::kFound);
  EXPECT_EQ(answer.ttl, 300U);
  EXPECT_EQ(answer.hosts,
            (std::vector<MxHost>{{.host = "mx.contoso.com", .preference = 10},
                                 {.host = "b.example", .preference = 20}}));
}

TEST(DnsMessage, AliasesAreFollowedInAnyOrder) {
  const DnsQuestion question{.name = "mx.example", .type = DnsType::kA};
  const DnsAnswer answer =
      read_dns_message(message(question,
                               {record(name("c.example"), 1, 60, "\xc0\0\2\1"s),
                                record(name("b.example"), 5, 30, name("c.example")),
                                record(name("other.example"), 1, 60, "\xc0\0\2\2"s),
                                record(owner(), 5, 90, name("B.example"))}),
                       question);
  ASSERT_EQ(answer.status, DnsStatus::kFound);
  EXPECT_EQ(answer.addresses, std::vector{policy::mapped_ipv4({192, 0, 2, 1})});
  EXPECT_EQ(answer.ttl, 30U);
}

TEST(DnsMessage, TheStringsOfATextAreJoined) {
  const DnsQuestion question{.name = "contoso.com", .type = DnsType::kTxt};
  const DnsAnswer answer =
      read_dns_message(message(question, {record(owner(), 16, 60, "\3v=s\3pf1")}), question);
  EXPECT_EQ(answer.texts, std::vector<std::string>{"v=spf1"});
}

TEST(DnsMessage, WhatDoesNotExistIsAbsentAndWhatFailsHasFailed) {
  EXPECT_EQ(read_dns_message(message(mx_question(), {}), mx_question()).status, DnsStatus::kAbsent);
  EXPECT_EQ(read_dns_message(message(mx_question(), {}, kAnswer + 3), mx_question()).status,
            DnsStatus::kAbsent);
  EXPECT_EQ(read_dns_message(message(mx_question(), {}, kAnswer + 2), mx_question()).status,
            DnsStatus::kFailed);
  EXPECT_EQ(read_dns_message(message(mx_question(), {}, kAnswer | 0x0200U), mx_question()).status,
            DnsStatus::kFailed);
  EXPECT_EQ(read_dns_message(message(mx_question(), {}, 0x0100), mx_question()).status,
            DnsStatus::kFailed);
  const DnsQuestion another{.name = "fabrikam.com", .type = DnsType::kMx};
  EXPECT_EQ(read_dns_message(message(another, {}), mx_question()).status, DnsStatus::kFailed);
}

TEST(DnsMessage, TheNullMxHasNoName) {
  const DnsAnswer answer = read_dns_message(
      message(mx_question(), {record(owner(), 15, 60, number16(0) + '\0')}), mx_question());
  EXPECT_EQ(answer.hosts, std::vector<MxHost>(1));
}

TEST(DnsMessage, WhatMakesNoSenseHasFailed) {
  for (const std::string& data : {number16(10) + "\1*\0"s,
                                  number16(10) + "\3a.b\0"s,
                                  number16(10) + "\5short",
                                  "\1"s,
                                  number16(10) + "\xc0\xff"}) {
    EXPECT_EQ(
        read_dns_message(message(mx_question(), {record(owner(), 15, 60, data)}), mx_question())
            .status,
        DnsStatus::kFailed);
  }
  // A name that points at itself.
  const std::string whole = message(mx_question(), {});
  const std::string circle = "\xc0" + std::string(1, static_cast<char>(whole.size()));
  EXPECT_EQ(
      read_dns_message(message(mx_question(), {record(circle, 15, 60, "")}), mx_question()).status,
      DnsStatus::kFailed);
  // Every message that is cut short.
  const std::string good =
      message(mx_question(), {record(owner(), 15, 60, number16(10) + name("mx.example"))});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(read_dns_message(good.substr(0, size), mx_question()).status, DnsStatus::kFailed)
        << size;
  }
}

TEST(DnsName, IsWhatDnsCanBeAskedFor) {
  for (const std::string& good : {"a"s, "_dmarc.contoso.com"s, std::string(63, 'a') + ".example"}) {
    EXPECT_TRUE(is_dns_name(good)) << good;
  }
  for (const std::string& bad : {""s,
                                 "."s,
                                 "a..b"s,
                                 ".a"s,
                                 "a."s,
                                 "a b"s,
                                 "a\0b"s,
                                 "\xc3\xa9.example"s,
                                 std::string(64, 'a') + ".example",
                                 std::string(250, 'a') + ".example"}) {
    EXPECT_FALSE(is_dns_name(bad)) << bad;
  }
  EXPECT_EQ(lower_dns_name("MX.Example."), "mx.example");
}

}  // namespace
}  // namespace directory
