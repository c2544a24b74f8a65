// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/digest.h"

#include "directory/detections/detections.h"
#include "directory/notify/mail_message.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/result.h"
#include "tests/directory/api/api_fixture.h"
#include "tests/directory/detections/written_detections.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace directory {
namespace {

using Digest = MailSettings::Digest;

constexpr std::int64_t kDay = 24 * 60 * 60;
constexpr std::int64_t kHour = 60 * 60;
// 2023-11-13, a Monday, at midnight.
constexpr std::int64_t kMonday = 19'674;

MailSettings settings(Digest digest) {
  MailSettings mail;
  mail.name = "admins";
  mail.digest = digest;
  mail.digest_at = std::chrono::hours{7};
  return mail;
}

TEST(Digest, IsDueAtItsTimeOfDay) {
  const MailSettings daily = settings(Digest::kDaily);
  const std::int64_t due = kMonday * kDay + 7 * kHour;
  EXPECT_EQ(digest_due(daily, due), due);
  EXPECT_EQ(digest_due(daily, due - 1), due - kDay);
  EXPECT_EQ(digest_due(daily, due + kDay - 1), due);
}

TEST(Digest, AWeeklyOneIsDueOnMondays) {
  const MailSettings weekly = settings(Digest::kWeekly);
  const std::int64_t due = kMonday * kDay + 7 * kHour;
  EXPECT_EQ(digest_due(weekly, due), due);
  EXPECT_EQ(digest_due(weekly, due - 1), due - 7 * kDay);
  EXPECT_EQ(digest_due(weekly, due + 7 * kDay - 1), due);
}

TEST(Digest, OneThatAWrongClockSentBlocksNoOther) {
  EXPECT_TRUE(is_digest_due(0, kMonday * kDay));
  EXPECT_TRUE(is_digest_due((kMonday - 1) * kDay, kMonday * kDay));
  EXPECT_FALSE(is_digest_due(kMonday * kDay, kMonday * kDay));
  EXPECT_FALSE(is_digest_due((kMonday + 6) * kDay, kMonday * kDay));
  EXPECT_TRUE(is_digest_due((kMonday + 3650) * kDay, kMonday * kDay));
}

TEST(Digest, TellsOfTheDaysSinceTheLastOne) {
  const std::int64_t due = kMonday * kDay + 7 * kHour;
  const MailSettings daily = settings(Digest::kDaily);
  EXPECT_EQ(digest_period(daily, due - kDay, due),
            (DigestPeriod{.first_day = kMonday - 1, .days = 1}));
  // Begun this morning; the daemon was down for three days; for a year.
  EXPECT_EQ(digest_period(daily, due - 100, due),
            (DigestPeriod{.first_day = kMonday - 1, .days = 1}));
  EXPECT_EQ(digest_period(daily, due - 3 * kDay, due),
            (DigestPeriod{.first_day = kMonday - 3, .days = 3}));
  EXPECT_EQ(digest_period(daily, due - 365 * kDay, due).days, 89U);
  EXPECT_EQ(digest_period(settings(Digest::kWeekly), due - kDay, due),
            (DigestPeriod{.first_day = kMonday - 7, .days = 7}));
}

TEST(Digest, OneThatHasNothingToTellSaysSo) {
  DigestFacts facts;
  facts.period = {.first_day = kMonday, .days = 1};
  facts.is_reading = true;
  facts.directories.push_back(
      {.name = "contoso/Staff", .users = 12, .last_success = 0, .failure = {}});
  const MailText mail = digest_mail(facts);
  EXPECT_EQ(mail.subject, "[fromguard] 2023-11-13: nothing found");
  EXPECT_NE(mail.text.find("Detections: nothing found."), std::string::npos);
  EXPECT_NE(mail.text.find("Notifications: none waits for you."), std::string::npos);
  EXPECT_NE(mail.text.find("contoso/Staff: 12 people, never read"), std::string::npos);
}

class DigestFactsTest : public tests::ApiTest {
 protected:
  DigestFactsTest() {
    std::vector<policy::DetectionRecord> written;
    for (std::int64_t i = 0; i < 3; ++i) {
      written.push_back(tests::detection_at(kMonday * kDay + i));
    }
    written.push_back(tests::detection_at((kMonday + 1) * kDay));
    written[0].disposition = "malicious";
    tests::write_detections(folder_.path() / "kept", written);
    EXPECT_TRUE(detections_.catch_up().has_value());
    while (detections_.take_older((kMonday + 2) * kDay).value_or(false)) {
    }
  }

  policy::Result<DigestFacts> facts(const SinkScope& scope) {
    const DigestSources sources{.records = &records_,
                                .detections = &detections_,
                                .control = &control_,
                                .content = &content_};
    return digest_facts(sources, scope, {.first_day = kMonday, .days = 1});
  }

  void notify(const std::string& organization, NotificationLevel level) {
    Notification told;
    told.level = level;
    told.what = "sync_failed";
    told.organization = organization;
    told.text = organization + (level == NotificationLevel::kInfo ? " works." : " fails.");
    ASSERT_TRUE(records_.notify(told).has_value());
  }

  Detections detections_{folder_.path() / "kept", folder_.path() / "own"};
};

TEST_F(DigestFactsTest, CountWhatIsOfThePeriodAndTheScope) {
  notify("contoso", NotificationLevel::kWarning);
  notify("fabrikam", NotificationLevel::kWarning);
  notify("contoso", NotificationLevel::kInfo);
  const auto found = facts({.organizations = {"contoso"}});
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ(found->total, 3U);
  EXPECT_EQ(found->findings.at("protected_name"), 3U);
  EXPECT_EQ(found->dispositions.at("malicious"), 1U);
  EXPECT_EQ(found->dispositions.at("spoof"), 2U);
  ASSERT_EQ(found->organizations.size(), 1U);
  ASSERT_EQ(found->unresolved.size(), 1U);
  EXPECT_EQ(found->unresolved.front().text, "contoso fails.");
  EXPECT_EQ(found->directories.size(), 2U);
  const MailText mail = digest_mail(*found);
  EXPECT_EQ(mail.subject, "[fromguard] 2023-11-13: 3 detections");
  EXPECT_NE(mail.text.find("       3  protected_name\n"), std::string::npos);
  EXPECT_NE(mail.text.find("contoso fails."), std::string::npos);
  EXPECT_NE(mail.text.find("       3  Ada Lovelace\n"), std::string::npos);
  EXPECT_NE(mail.text.find("       3  ada@freemail.example\n"), std::string::npos);
}

}  // namespace
}  // namespace directory
