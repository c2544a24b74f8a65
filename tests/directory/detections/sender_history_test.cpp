// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/sender_history.h"

#include "directory/detections/detection_counts.h"
#include "policy/detection_record/detection_record.h"
#include "tests/directory/detections/written_detections.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::int64_t kDay = 86'400;

policy::DetectionRecord passing(std::int64_t day, const std::string& person = "Ada Lovelace") {
  policy::DetectionRecord record = tests::detection_at(kNow + (day * kDay));
  record.authenticated = "pass";
  record.person = person;
  return record;
}

TEST(SenderHistoryTest, AnAddressThatKeepsPassingMayBeThePersons) {
  SenderHistory history;
  for (const std::int64_t day : {0, 1, 1}) {
    history.add(passing(day));
  }
  // Two days only.
  EXPECT_TRUE(history.suggestions({}).empty());
  history.add(passing(5));
  const auto suggestions = history.suggestions({});
  ASSERT_EQ(suggestions.size(), 1U);
  EXPECT_EQ(suggestions[0].kind, Suggestion::Kind::kSecondaryEmail);
  EXPECT_EQ(suggestions[0].organization, "contoso");
  EXPECT_EQ(suggestions[0].address, "ada@freemail.example");
  EXPECT_EQ(suggestions[0].people, std::vector<std::string>{"Ada Lovelace"});
  EXPECT_EQ(suggestions[0].times, 4U);
  EXPECT_EQ(suggestions[0].days, 3U);
  EXPECT_EQ(suggestions[0].first, kNow);
  EXPECT_EQ(suggestions[0].last, kNow + (5 * kDay));
}

TEST(SenderHistoryTest, WhatDoesNotPassIsNeverSuggested) {
  SenderHistory history;
  for (std::int64_t day = 0; day < 10; ++day) {
    auto record = passing(day);
    record.authenticated = day % 2 == 0 ? "fail" : "";
    history.add(record);
    // Its own address, forged: what passes then is not for this address.
    record = passing(day);
    record.finding = "spoofed_address";
    history.add(record);
    // What is proved is the domain of From.
    record = passing(day);
    record.field = "reply_to";
    history.add(record);
  }
  EXPECT_TRUE(history.suggestions({}).empty());
}

TEST(SenderHistoryTest, AnAddressOfSeveralPeopleIsAService) {
  SenderHistory history;
  for (std::int64_t day = 0; day < 3; ++day) {
    for (const char* person : {"Ada Lovelace", "Grace Hopper", "Alan Turing"}) {
      history.add(passing(day, person));
    }
  }
  const auto suggestions = history.suggestions({});
  ASSERT_EQ(suggestions.size(), 1U);
  EXPECT_EQ(suggestions[0].kind, Suggestion::Kind::kService);
  EXPECT_EQ(suggestions[0].people,
            (std::vector<std::string>{"Ada Lovelace", "Alan Turing", "Grace Hopper"}));
  EXPECT_EQ(suggestions[0].times, 9U);
}

TEST(SenderHistoryTest, IsOfTheOrganizationsThatAreAskedForAndOfTheDaysThatAreKept) {
  SenderHistory history;
  for (std::int64_t day = 0; day < 3; ++day) {
    history.add(passing(day));
  }
  EXPECT_TRUE(history.suggestions({{"fabrikam"}}).empty());
  EXPECT_EQ(history.suggestions({{"contoso"}}).size(), 1U);
  history.forget_before(day_of(kNow) + 2);
  EXPECT_EQ(history.suggestions({}).size(), 1U);
  history.forget_before(day_of(kNow) + 3);
  EXPECT_TRUE(history.suggestions({}).empty());
}

TEST(SenderHistoryTest, AFloodOfAddressesPushesOutNoneThatIsRepeated) {
  SenderHistory history;
  for (std::int64_t day = 0; day < 3; ++day) {
    history.add(passing(day));
  }
  for (std::size_t i = 0; i < 3 * SenderHistory::kMostAddresses; ++i) {
    auto record = passing(4);
    record.address = "x" + std::to_string(i) + "@freemail.example";
    history.add(record);
  }
  ASSERT_EQ(history.suggestions({}).size(), 1U);
  EXPECT_EQ(history.suggestions({})[0].address, "ada@freemail.example");
}

}  // namespace
}  // namespace directory
