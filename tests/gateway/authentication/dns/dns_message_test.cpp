// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/dns_message.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "tests/support/scripted_dns_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using tests::name_data;
using tests::text_data;

DnsQuestion question() {
  return {.name = "a.example", .type = DnsType::kTxt};
}

std::string number16(unsigned value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
}

std::string record(const std::string& owner, unsigned type, const std::string& data) {
  return owner + number16(type) + number16(1) + number16(0) + number16(300) +
         number16(static_cast<unsigned>(data.size())) + data;
}

std::string message(unsigned flags,
                    const std::vector<std::string>& answers,
                    const std::string& asked = name_data("a.example")) {
  std::string text = number16(7) + number16(flags) + number16(1) +
                     number16(static_cast<unsigned>(answers.size())) + number16(0) + number16(0) +
                     asked + number16(16) + number16(1);
  for (const std::string& answer : answers) {
    text += answer;
  }
  return text;
}

constexpr unsigned kFine = 0x8180;
constexpr const char* kOwner = "\xC0\x0C";  // the name in the question

TEST(DnsMessage, IsReadWithJoinedStrings) {
  const auto answer =
      read_dns_message(message(kFine, {record(kOwner, 16, "\x03v=s\x03pf1")}), question());
  EXPECT_EQ(answer.status, DnsStatus::kFound);
  EXPECT_EQ(answer.texts, std::vector<std::string>{"v=spf1"});
  EXPECT_EQ(answer.lifetime, std::chrono::seconds{300});
}

TEST(DnsMessage, AliasesAreFollowedInAnyOrder) {
  const std::string b = name_data("b.example");
  const std::string c = name_data("c.example");
  const auto answer = read_dns_message(
      message(kFine, {record(c, 16, text_data("x")), record(b, 5, c), record(kOwner, 5, b)}),
      question());
  EXPECT_EQ(answer.texts, std::vector<std::string>{"x"});
}

TEST(DnsMessage, AliasesInACircleAreNoData) {
  const std::string b = name_data("b.example");
  const auto answer = read_dns_message(
      message(kFine, {record(kOwner, 5, b), record(b, 5, name_data("a.example"))}), question());
  EXPECT_EQ(answer.status, DnsStatus::kNoData);
}

TEST(DnsMessage, RecordsOfOtherNamesAreNotBelieved) {
  const auto answer = read_dns_message(
      message(kFine, {record(name_data("b.example"), 16, text_data("x"))}), question());
  EXPECT_EQ(answer.status, DnsStatus::kNoData);
}

TEST(DnsMessage, AbsenceIsToldFromFailure) {
  EXPECT_EQ(read_dns_message(message(0x8183, {}), question()).status, DnsStatus::kNoName);
  EXPECT_EQ(read_dns_message(message(kFine, {}), question()).status, DnsStatus::kNoData);
  for (const unsigned flags : {0x8182U, 0x8185U, 0x8181U, 0x8380U, 0x0180U}) {
    EXPECT_EQ(read_dns_message(message(flags, {}), question()).status, DnsStatus::kTemporaryFailure)
        << flags;
  }
}

TEST(DnsMessage, AnotherQuestionIsNotAnswered) {
  EXPECT_EQ(read_dns_message(message(kFine, {}, name_data("b.example")), question()).status,
            DnsStatus::kTemporaryFailure);
}

TEST(DnsMessage, CutAnywhereItIsAFailureOrTheSame) {
  const std::string whole = message(kFine, {record(kOwner, 16, text_data("x"))});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(read_dns_message(std::string_view{whole}.substr(0, size), question()).status,
              DnsStatus::kTemporaryFailure)
        << size;
  }
}

TEST(DnsMessage, PointersThatGoRoundEnd) {
  const std::string self = "\xC0\x1B";  // points at the first octet of itself
  EXPECT_EQ(read_dns_message(message(kFine, {record(self, 16, text_data("x"))}), question()).status,
            DnsStatus::kTemporaryFailure);
}

TEST(DnsMessage, ALabelWithADotIsNoDotOfAName) {
  const std::string dotted = std::string{"\x09"} + "a.example" + '\0';
  const auto answer =
      read_dns_message(message(kFine, {record(dotted, 16, text_data("x"))}), question());
  EXPECT_EQ(answer.status, DnsStatus::kNoData);
}

TEST(DnsMessage, TooManyRecordsAreAFailure) {
  const std::vector<std::string> records(300, record(kOwner, 16, text_data("x")));
  EXPECT_EQ(read_dns_message(message(kFine, records), question()).status,
            DnsStatus::kTemporaryFailure);
}

TEST(DnsMessage, ATextTooLargeIsAFailureNotAnAbsence) {
  const auto status_of = [](std::size_t octets) {
    return read_dns_message(
               message(kFine, {record(kOwner, 16, text_data(std::string(octets, 'x')))}),
               question())
        .status;
  };
  EXPECT_EQ(status_of(std::size_t{16} * 1024), DnsStatus::kFound);
  EXPECT_EQ(status_of(std::size_t{16} * 1024 + 1), DnsStatus::kTemporaryFailure);
  EXPECT_EQ(status_of(60'000), DnsStatus::kTemporaryFailure);
}

TEST(DnsMessage, ExchangesComeByPreference) {
  const DnsQuestion exchanges{.name = "a.example", .type = DnsType::kMx};
  std::string text = message(kFine,
                             {record(kOwner, 15, number16(20) + name_data("two.example")),
                              record(kOwner, 15, number16(10) + name_data("One.example"))});
  text[12 + name_data("a.example").size() + 1] = 15;
  EXPECT_EQ(read_dns_message(text, exchanges).names,
            (std::vector<std::string>{"one.example", "two.example"}));
}

}  // namespace
}  // namespace gateway
