// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/api.h"
#include "directory/detections/detections.h"
#include "directory/messages/pull_control.h"
#include "directory/messages/pull_record.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/result.h"
#include "tests/directory/api/api_fixture.h"
#include "tests/directory/detections/written_detections.h"

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

// Remembers what it was asked, and does nothing.
class StillPullControl final : public PullControl {
 public:
  policy::Result<BegunPull> start(const DirectoryKey& key,
                                  PullKind kind,
                                  const PullRequest& request,
                                  const Actor& /*actor*/) override {
    asked_of = key;
    asked_kind = kind;
    asked = request;
    return BegunPull{.number = 7, .job = 3};
  }

  policy::Result<BegunPull> start_restore(std::uint64_t number, const Actor& /*actor*/) override {
    return BegunPull{.number = number, .job = 3};
  }

  [[nodiscard]] std::uint64_t job_of(std::uint64_t /*number*/) const override { return 0; }

  DirectoryKey asked_of;
  PullKind asked_kind = PullKind::kPull;
  PullRequest asked;
};

class MessagesApiTest : public tests::ApiTest {
 protected:
  MessagesApiTest() {
    std::get<Office365Source>(settings_.organizations[0].directories[0].source)
        .features.insert(Feature::kPull);
    control_.configuration_changed();
    std::vector<policy::DetectionRecord> written{tests::detection_at(kNow),
                                                 tests::detection_at(kNow + 1),
                                                 tests::detection_at(kNow + 2),
                                                 tests::detection_at(kNow + 3)};
    written[0].message_id = "<1@freemail.example>";
    written[0].recipients = {"ada@contoso.com", "bob@contoso.com"};
    written[0].recipient_count = 150;
    written[1].organization = "fabrikam";
    written[1].message_id = "<2@freemail.example>";
    written[3].message_id = "<3@freemail.example>";
    written[3].recipients = {"ada@contoso.com"};
    written[3].recipient_count = 1;
    written[3].field = "reply_to";
    for (const policy::DetectionRecord& record : written) {
      ids_.push_back(record.id.text());
    }
    tests::write_detections(folder_.path() / "kept", written);
    EXPECT_TRUE(detections_.catch_up().has_value());
    ApiServices all = services();
    all.detections = &detections_;
    all.pulls = &pulls_;
    api_ = make_socket_handler(all);
  }

  Detections detections_{folder_.path() / "kept", folder_.path() / "own"};
  StillPullControl pulls_;
  std::vector<std::string> ids_;
};

TEST_F(MessagesApiTest, OfADetectionWhatIsKnownIsCompared) {
  const auto begun = call("POST", "messages/pulls", R"({"detection": ")" + ids_[0] + R"("})");
  ASSERT_EQ(begun.status, 202U) << begun.detail();
  EXPECT_EQ(begun.json.at("number").to_number<int>(), 7);
  EXPECT_EQ(name_of(pulls_.asked_of), "contoso/Staff");
  EXPECT_EQ(pulls_.asked_kind, PullKind::kPull);
  EXPECT_EQ(pulls_.asked.detection, ids_[0]);
  EXPECT_EQ(pulls_.asked.target.message_id, "<1@freemail.example>");
  EXPECT_EQ(pulls_.asked.target.sender, "ada@freemail.example");
  EXPECT_LT(pulls_.asked.target.not_before, kNow);
  EXPECT_GT(pulls_.asked.target.not_after, kNow);
  EXPECT_EQ(pulls_.asked.recipients,
            (std::vector<std::string>{"ada@contoso.com", "bob@contoso.com"}));
  EXPECT_EQ(pulls_.asked.unlisted, 148U);
}

// From has another address then, which the detection does not tell.
TEST_F(MessagesApiTest, TheAddressOfAnotherFieldIsNotComparedWithFrom) {
  const auto begun = call("POST", "messages/pulls", R"({"detection": ")" + ids_[3] + R"("})");
  ASSERT_EQ(begun.status, 202U) << begun.detail();
  EXPECT_EQ(pulls_.asked.target.message_id, "<3@freemail.example>");
  EXPECT_EQ(pulls_.asked.target.sender, "");
}

TEST_F(MessagesApiTest, RecipientsAndSenderMayBeNamedBesideADetection) {
  const auto begun = call("POST",
                          "messages/searches",
                          R"({"detection": ")" + ids_[0] +
                              R"(", "recipients": ["Eve@contoso.com"], "sender": "x@y.example"})");
  ASSERT_EQ(begun.status, 202U) << begun.detail();
  EXPECT_EQ(pulls_.asked_kind, PullKind::kSearch);
  EXPECT_EQ(pulls_.asked.recipients.back(), "eve@contoso.com");
  EXPECT_EQ(pulls_.asked.target.sender, "x@y.example");
}

TEST_F(MessagesApiTest, AMessageIdNeedsRecipients) {
  EXPECT_EQ(call("POST", "messages/pulls", R"({"message_id": "<1@x.example>"})").status, 400U);
  EXPECT_EQ(call("POST", "messages/pulls", R"({"recipients": ["ada@contoso.com"]})").status, 400U);
  const auto begun = call("POST",
                          "messages/pulls",
                          R"({"message_id": "1@x.example", "recipients": ["ada@contoso.com"],
               "subject": "Invoice", "destination": "recoverable_items"})");
  ASSERT_EQ(begun.status, 202U) << begun.detail();
  EXPECT_EQ(pulls_.asked.target.message_id, "<1@x.example>");
  EXPECT_EQ(pulls_.asked.target.subject, "Invoice");
  EXPECT_EQ(pulls_.asked.target.not_before, 0);
  EXPECT_EQ(pulls_.asked.destination, PullDestination::kRecoverableItems);
}

TEST_F(MessagesApiTest, WhatIsWrongIsRefusedWithThePlaceOfIt) {
  const auto refused = call("POST",
                            "messages/pulls",
                            R"({"message_id": "1@x", "recipients": ["ada@contoso.com", "bob"]})");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(refused.json.at("pointer").as_string(), "/recipients/1");
  // A search moves nothing.
  EXPECT_EQ(call("POST",
                 "messages/searches",
                 R"({"message_id": "1@x", "recipients": ["ada@contoso.com"],
                     "destination": "quarantine"})")
                .status,
            400U);
}

TEST_F(MessagesApiTest, ADetectionThatCannotBePulledSaysWhy) {
  const auto pull = [this](const std::string& id) {
    return call("POST", "messages/pulls", R"({"detection": ")" + id + R"("})");
  };
  EXPECT_NE(pull(ids_[2]).detail().find("has no Message-ID"), std::string::npos);
  EXPECT_EQ(pull("none").status, 404U);
  // Of an organization that has no directory for it, never in another one's tenant.
  const auto foreign = pull(ids_[1]);
  EXPECT_EQ(foreign.status, 400U);
  EXPECT_NE(foreign.detail().find("fabrikam"), std::string::npos) << foreign.detail();
  EXPECT_EQ(pulls_.asked.target.message_id, "");
}

TEST_F(MessagesApiTest, WithoutTheFeatureNothingIsPulled) {
  std::get<Office365Source>(settings_.organizations[0].directories[0].source)
      .features.erase(Feature::kPull);
  control_.configuration_changed();
  const auto refused = call("POST", "messages/pulls", R"({"detection": ")" + ids_[0] + R"("})");
  EXPECT_EQ(refused.status, 404U);
  EXPECT_NE(refused.detail().find("add pull to the features"), std::string::npos);
}

}  // namespace
}  // namespace directory
