// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/enforcement.h"

#include "gateway/session/stamp.h"
#include "gateway/session/verdict.h"
#include "policy/name/match.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway {
namespace {

using policy::ActionKind;
using policy::Mode;
using policy::StampWhen;
using Outcome = Enforcement::Outcome;

Verdict finding_with(ActionKind action, Mode mode = Mode::kEnforce) {
  policy::Finding finding;
  finding.match = policy::Match::kExact;
  finding.person = "Zoë Świątek";
  finding.address = "x@freemail.example";
  finding.reason = "Protected Name Zoë Świątek should not appear as x@freemail.example";
  policy::Decision decision;
  decision.action = action;
  decision.headers = {{"X-Spam-Flag", "YES"}};
  decision.reply_code = action == ActionKind::kReject ? "554" : "451";
  decision.enhanced_code = action == ActionKind::kReject ? "5.7.9" : "4.7.1";
  decision.reply_text = "text of the rule";
  Verdict verdict;
  verdict.kind = Verdict::Kind::kFinding;
  verdict.findings = {{.finding = finding, .decision = decision}};
  verdict.mode = mode;
  return verdict;
}

Verdict degraded_with(ActionKind action, Mode mode = Mode::kEnforce) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kDegraded;
  verdict.degradation = Degradation::kNoSnapshot;
  verdict.degraded_action = action;
  verdict.mode = mode;
  return verdict;
}

std::string names_of(const std::vector<AddedField>& fields) {
  std::string names;
  for (const AddedField& field : fields) {
    names += (names.empty() ? "" : " ") + field.name;
  }
  return names;
}

constexpr const char* kStamp = "X-Fromguard-Reason X-Fromguard-Result";

TEST(Enforcement, MonitoringStampsAndTouchesNothingElse) {
  for (const ActionKind action : {ActionKind::kAccept,
                                  ActionKind::kTag,
                                  ActionKind::kQuarantine,
                                  ActionKind::kTempFail,
                                  ActionKind::kReject}) {
    const Enforcement done = enforce(finding_with(action, Mode::kMonitor), {}, {});
    EXPECT_EQ(done.outcome, Outcome::kAccept);
    EXPECT_EQ(names_of(done.added), kStamp);
    EXPECT_FALSE(done.quarantine_reason.has_value());
    EXPECT_FALSE(done.reply.has_value());
  }
}

TEST(Enforcement, TagAddsTheHeadersOfTheRuleBelowTheStamp) {
  const Enforcement done = enforce(finding_with(ActionKind::kTag), {}, {});
  EXPECT_EQ(names_of(done.added), std::string{"X-Spam-Flag "} + kStamp);
  EXPECT_EQ(done.added.front().value, "YES");
  EXPECT_EQ(names_of(enforce(finding_with(ActionKind::kAccept), {}, {}).added), kStamp);
}

TEST(Enforcement, QuarantineGivesTheReasonInAscii) {
  const Enforcement done = enforce(finding_with(ActionKind::kQuarantine), {}, {});
  EXPECT_EQ(done.outcome, Outcome::kAccept);
  EXPECT_EQ(done.quarantine_reason,
            "Protected Name Zo\\u{EB} \\u{15A}wi\\u{105}tek should not appear as "
            "x@freemail.example");
  EXPECT_EQ(names_of(done.added), kStamp);
}

TEST(Enforcement, RejectAndTempfailReplyAsTheRuleSays) {
  const Enforcement rejected = enforce(finding_with(ActionKind::kReject), {}, {});
  EXPECT_EQ(rejected.outcome, Outcome::kReject);
  ASSERT_TRUE(rejected.reply.has_value());
  EXPECT_EQ(rejected.reply->code, "554");
  EXPECT_EQ(rejected.reply->enhanced_code, "5.7.9");
  EXPECT_EQ(rejected.reply->text, "text of the rule");
  const Enforcement put_off = enforce(finding_with(ActionKind::kTempFail), {}, {});
  EXPECT_EQ(put_off.outcome, Outcome::kTempFail);
  EXPECT_EQ(put_off.reply->code, "451");
}

TEST(Enforcement, TheStampIsForFindingsForAllOrForNone) {
  Verdict nothing;
  nothing.mode = Mode::kEnforce;
  EXPECT_TRUE(enforce(nothing, {}, {}).changes_nothing());
  nothing.stamp = StampWhen::kAll;
  EXPECT_EQ(names_of(enforce(nothing, {}, {}).added), kResultField);
  Verdict finding = finding_with(ActionKind::kTag);
  finding.stamp = StampWhen::kNone;
  EXPECT_EQ(names_of(enforce(finding, {}, {}).added), "X-Spam-Flag");
}

TEST(Enforcement, WhatCannotBeJudgedGetsItsDegradedAction) {
  const Enforcement tagged = enforce(degraded_with(ActionKind::kTag), {}, {});
  EXPECT_EQ(tagged.outcome, Outcome::kAccept);
  EXPECT_EQ(names_of(tagged.added), kResultField);
  const Enforcement put_off = enforce(degraded_with(ActionKind::kTempFail), {}, {});
  EXPECT_EQ(put_off.outcome, Outcome::kTempFail);
  EXPECT_EQ(put_off.reply->code, "451");
  EXPECT_NE(put_off.reply->text.find("no_snapshot"), std::string::npos);
  const Enforcement held = enforce(degraded_with(ActionKind::kQuarantine), {}, {});
  EXPECT_NE(held.quarantine_reason.value().find("no_snapshot"), std::string::npos);
}

TEST(Enforcement, TheStricterOfRuleAndDegradationIsCarriedOutInItsOwnWords) {
  Verdict verdict = finding_with(ActionKind::kTag);
  verdict.degradation = Degradation::kStaleSnapshot;
  verdict.degraded_action = ActionKind::kTempFail;
  const Enforcement put_off = enforce(verdict, {}, {});
  EXPECT_EQ(put_off.outcome, Outcome::kTempFail);
  EXPECT_NE(put_off.reply->text.find("stale_snapshot"), std::string::npos);
  verdict = finding_with(ActionKind::kReject);
  verdict.degradation = Degradation::kStaleSnapshot;
  verdict.degraded_action = ActionKind::kTag;
  EXPECT_EQ(enforce(verdict, {}, {}).reply->text, "text of the rule");
}

TEST(Enforcement, InboundStampsAreRemovedTheHighestOccurrenceFirst) {
  InboundMessage inbound;
  inbound.stamps = {{.name = "X-Fromguard-Result", .occurrence = 1},
                    {.name = "x-fromguard-reason", .occurrence = 1},
                    {.name = "X-Fromguard-Result", .occurrence = 2}};
  const Enforcement done = enforce(Verdict{}, inbound, {});
  EXPECT_FALSE(done.changes_nothing());
  ASSERT_EQ(done.removed.size(), 3U);
  EXPECT_EQ(done.removed[0].occurrence, 2U);
  EXPECT_EQ(done.removed[2].occurrence, 1U);
  EXPECT_EQ(done.removed[2].name, "X-Fromguard-Result");
}

TEST(Enforcement, AMessageThatIsNotInspectedIsNotTouched) {
  Verdict skipped;
  skipped.kind = Verdict::Kind::kSkipped;
  skipped.mode = Mode::kEnforce;
  skipped.stamp = StampWhen::kAll;
  EXPECT_TRUE(enforce(skipped, {}, {}).changes_nothing());
}

}  // namespace
}  // namespace gateway
