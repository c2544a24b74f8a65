// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/judge.h"

#include "gateway/session/verdict.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/known_people.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ActionKind;
using Kind = Verdict::Kind;
using Dmarc = policy::AuthenticationResults::Dmarc;

constexpr std::string_view kForged = "Ada Lovelace <ada@freemail.example>";
constexpr std::string_view kOwn = "Ada Lovelace <ada@contoso.com>";

constexpr std::string_view kByOrganization = R"(
version: 1
mode: enforce
rules:
  - name: of contoso
    when: {organizations: [contoso]}
    then: {action: tag}
  - name: of fabrikam
    when: {organizations: [fabrikam]}
    then: {action: reject}
)";

MessageFacts message_for(std::vector<std::string> recipients, std::string_view from = kForged) {
  MessageFacts message;
  message.senders.from = read_from({from});
  message.recipients = std::move(recipients);
  return message;
}

Verdict judged(const MessageFacts& message, const InForce& in_force) {
  return Judgement{message, in_force, DegradedActions{}, nullptr}.verdict();
}

TEST(Judge, FindsAForgedNameAndNamesPolicyAndGeneration) {
  const InForce in_force = known_in_force();
  const Verdict verdict = judged(message_for({"desk@contoso.com"}), in_force);
  EXPECT_EQ(verdict.kind, Kind::kFinding);
  EXPECT_EQ(verdict.deciding()->finding.person, "Ada Lovelace");
  EXPECT_EQ(verdict.action(), ActionKind::kTag);
  EXPECT_EQ(verdict.policy_digest, in_force.policy->digest());
  EXPECT_EQ(verdict.generation, 1U);
  EXPECT_EQ(judged(message_for({"desk@contoso.com"}, kOwn), in_force).kind, Kind::kNoFinding);
}

TEST(Judge, AsksTheOrganizationsOfTheRecipients) {
  const InForce in_force = known_in_force();
  const std::string_view john = "John Smith <x@freemail.example>";
  EXPECT_EQ(judged(message_for({"desk@contoso.com"}, john), in_force).kind, Kind::kFinding);
  for (const char* other : {"desk@fabrikam.example",
                            "someone@elsewhere.example",
                            "desk@mail.contoso.com",
                            "postmaster",
                            ""}) {
    const Verdict verdict = judged(message_for({other}, john), in_force);
    EXPECT_EQ(verdict.kind, Kind::kNoFinding) << other;
    EXPECT_EQ(verdict.generation, 1U);
  }
  EXPECT_EQ(judged(message_for({"someone@elsewhere.example"}, john), in_force).look_ups, 0U);
  EXPECT_EQ(judged(message_for({}, john), in_force).look_ups, 0U);
  MessageFacts every = message_for({}, john);
  every.ask_every_organization = true;
  EXPECT_EQ(judged(every, in_force).kind, Kind::kFinding);
}

TEST(Judge, OfTwoOrganizationsTheStrictestWins) {
  const InForce in_force = known_in_force(kByOrganization);
  const Verdict verdict = judged(
      message_for({"desk@contoso.com", "desk@fabrikam.example", "two@contoso.com"}), in_force);
  ASSERT_EQ(verdict.findings.size(), 2U);
  EXPECT_EQ(verdict.deciding()->finding.organization_name, "fabrikam");
  EXPECT_EQ(verdict.deciding()->decision.rule, "of fabrikam");
  EXPECT_EQ(verdict.action(), ActionKind::kReject);
  EXPECT_EQ(judged(message_for({"desk@contoso.com"}), in_force).action(), ActionKind::kTag);
}

TEST(Judge, WithoutResultsOfAuthenticationTheAddressAloneDecides) {
  EXPECT_EQ(judged(message_for({"desk@contoso.com"}, kOwn), known_in_force()).kind,
            Kind::kNoFinding);
}

TEST(Judge, AnOwnAddressThatFailsAuthenticationIsASpoofedAddress) {
  MessageFacts message = message_for({"desk@contoso.com"}, kOwn);
  message.authentication = {.dmarc = Dmarc::kFail, .aligned_pass = false};
  const Verdict verdict = judged(message, known_in_force());
  ASSERT_EQ(verdict.kind, Kind::kFinding);
  EXPECT_EQ(verdict.deciding()->finding.kind, policy::FindingKind::kSpoofedAddress);
  EXPECT_EQ(verdict.deciding()->finding.reason,
            "Protected Name Ada Lovelace failed authentication as ada@contoso.com");
  message.authentication = {.dmarc = Dmarc::kPass, .aligned_pass = true};
  EXPECT_EQ(judged(message, known_in_force()).kind, Kind::kNoFinding);
  message.authentication = {.dmarc = Dmarc::kFail, .aligned_pass = false};
  const InForce lenient =
      known_in_force("version: 1\nmode: enforce\nauthentication: {require: never}\n");
  EXPECT_EQ(judged(message, lenient).kind, Kind::kNoFinding);
}

TEST(Judge, WhatNoRuleNamesIsOnlyNoted) {
  const MessageFacts message =
      message_for({"desk@contoso.com"}, "Grace Hopper <grace@navy.example> trailing");
  const Verdict verdict = judged(message, known_in_force());
  EXPECT_EQ(verdict.kind, Kind::kNoFinding);
  ASSERT_EQ(verdict.noted.size(), 1U);
  EXPECT_EQ(verdict.noted.front().kind, policy::FindingKind::kMalformedFrom);
  const InForce naming = known_in_force(R"(
version: 1
mode: enforce
rules:
  - name: broken
    when: {findings: [malformed_from]}
    then: {action: quarantine}
)");
  EXPECT_EQ(judged(message, naming).action(), ActionKind::kQuarantine);
}

TEST(Judge, WithoutASnapshotTheMessageIsNotJudged) {
  InForce in_force = known_in_force();
  in_force.detector = nullptr;
  const Verdict verdict = judged(message_for({"desk@contoso.com"}), in_force);
  EXPECT_EQ(verdict.kind, Kind::kDegraded);
  EXPECT_EQ(verdict.degradation, Degradation::kNoSnapshot);
  EXPECT_EQ(verdict.action(), ActionKind::kTempFail);
  EXPECT_EQ(verdict.generation, 0U);
}

TEST(Judge, ADirectoryThatFailsIsNeverReadAsNoFinding) {
  InForce in_force = known_in_force();
  in_force.detector = tests::detector_over(tests::unavailable_directory());
  policy::Explanation explanation;
  const DegradedActions degraded;
  const Verdict verdict = Judgement{message_for({"desk@contoso.com"}, "Grace <grace@navy.example>"),
                                    in_force,
                                    degraded,
                                    &explanation}
                              .verdict();
  EXPECT_EQ(verdict.kind, Kind::kDegraded);
  EXPECT_EQ(verdict.degradation, Degradation::kInternalError);
  EXPECT_EQ(verdict.action(), ActionKind::kTempFail);
  EXPECT_EQ(explanation.steps().back().text, "the disk is gone");
}

TEST(Judge, AStaleSnapshotStillJudges) {
  InForce in_force = known_in_force(kByOrganization);
  in_force.is_stale = true;
  const Verdict own = judged(message_for({"desk@contoso.com"}, kOwn), in_force);
  EXPECT_EQ(own.kind, Kind::kNoFinding);
  EXPECT_EQ(own.degradation, Degradation::kStaleSnapshot);
  EXPECT_EQ(own.action(), ActionKind::kTag);
  EXPECT_EQ(judged(message_for({"desk@fabrikam.example"}), in_force).action(), ActionKind::kReject);
  EXPECT_FALSE(
      judged(message_for({"someone@elsewhere.example"}), in_force).degradation.has_value());
}

TEST(Judge, WhileMonitoringEveryDegradationIsATag) {
  InForce in_force = known_in_force("version: 1\n");
  in_force.detector = nullptr;
  for (const Degradation why : {Degradation::kNoSnapshot,
                                Degradation::kStaleSnapshot,
                                Degradation::kInternalError,
                                Degradation::kConnections}) {
    EXPECT_EQ(degraded_verdict(why, in_force, DegradedActions{}).action(), ActionKind::kTag);
  }
}

TEST(Judge, EachDegradationHasItsConfiguredAction) {
  const InForce in_force = known_in_force();
  const DegradedActions degraded{.no_snapshot = ActionKind::kQuarantine,
                                 .stale_snapshot = ActionKind::kAccept,
                                 .internal_error = ActionKind::kTag};
  const auto action_for = [&](Degradation why) {
    return degraded_verdict(why, in_force, degraded).action();
  };
  EXPECT_EQ(action_for(Degradation::kNoSnapshot), ActionKind::kQuarantine);
  EXPECT_EQ(action_for(Degradation::kStaleSnapshot), ActionKind::kAccept);
  EXPECT_EQ(action_for(Degradation::kInternalError), ActionKind::kTag);
  EXPECT_EQ(action_for(Degradation::kConnections), ActionKind::kTag);
}

constexpr std::string_view kWithException = R"(
version: 1
exceptions:
  - name: home
    person: ada@contoso.com
    from: ada@freemail.example
    authenticated: false
    owner: it@contoso.com
    reason: she asked
    expires: 2026-12-31
  - name: booking
    anyone: true
    from: "*@calendly.example"
    owner: it@contoso.com
    reason: assistants book
)";

TEST(Judge, AnExceptionTakesTheFindingAwayAndIsNamed) {
  InForce in_force = known_in_force(kWithException);
  in_force.today = std::chrono::sys_days{std::chrono::year_month_day{
      std::chrono::year{2026}, std::chrono::month{12}, std::chrono::day{31}}};
  const Verdict excused = judged(message_for({"desk@contoso.com"}), in_force);
  EXPECT_EQ(excused.kind, Kind::kNoFinding);
  EXPECT_EQ(excused.exceptions, std::vector<std::string>{"home"});
  in_force.today += std::chrono::days{1};
  const Verdict expired = judged(message_for({"desk@contoso.com"}), in_force);
  EXPECT_EQ(expired.kind, Kind::kFinding);
  EXPECT_TRUE(expired.exceptions.empty());
}

TEST(Judge, AnExceptionThatNeedsProofHoldsWithItAlone) {
  const InForce in_force = known_in_force(kWithException);
  MessageFacts message =
      message_for({"desk@contoso.com"}, "Ada Lovelace <no-reply@calendly.example>");
  EXPECT_EQ(judged(message, in_force).kind, Kind::kFinding);
  message.authentication = policy::AuthenticationResults{.aligned_pass = true};
  EXPECT_EQ(judged(message, in_force).kind, Kind::kNoFinding);
}

TEST(Judge, AProofOfTheFromDomainIsNoneOfTheOtherFields) {
  const InForce in_force = known_in_force(kWithException);
  MessageFacts message = message_for({"desk@contoso.com"}, "Events <office@stranger.example>");
  message.senders.reply_to = read_from({"Ada Lovelace <x@calendly.example>"});
  message.senders.reply_to.name = policy::SenderFieldName::kReplyTo;
  message.authentication = policy::AuthenticationResults{.dmarc = Dmarc::kPass};
  EXPECT_EQ(judged(message, in_force).kind, Kind::kFinding);
  message.senders.from = read_from({"Events <office@calendly.example>"});
  EXPECT_EQ(judged(message, in_force).kind, Kind::kNoFinding);
}

constexpr std::string_view kWithShadow = R"(
version: 1
mode: enforce
rules:
  - {name: all, then: {action: tag}}
shadow:
  rules:
    - {name: executives, when: {people: ada@contoso.com}, then: {action: reject}}
    - {name: others, then: {action: tag}}
)";

TEST(Judge, ShadowRulesAreComparedAndNeverCarriedOut) {
  const InForce in_force = known_in_force(kWithShadow);
  const Verdict verdict = judged(message_for({"desk@contoso.com"}), in_force);
  EXPECT_EQ(verdict.action(), ActionKind::kTag);
  ASSERT_EQ(verdict.shadow_differences.size(), 1U);
  EXPECT_EQ(verdict.shadow_differences[0].decision.value().rule, "all");
  EXPECT_EQ(verdict.shadow_differences[0].shadow.value().rule, "executives");
  EXPECT_EQ(verdict.shadow_differences[0].shadow.value().action, ActionKind::kReject);
  const Verdict same =
      judged(message_for({"desk@contoso.com"}, "John Smith <x@freemail.example>"), in_force);
  EXPECT_EQ(same.kind, Kind::kFinding);
  EXPECT_TRUE(same.shadow_differences.empty());
}

TEST(Judge, ARuleMayBeForMailOfOurOwnUsersAlone) {
  const InForce in_force = known_in_force(
      "version: 1\nmode: enforce\nrules:\n"
      "- {name: ours, when: {direction: outbound}, then: {action: reject}}\n");
  MessageFacts message = message_for({"desk@contoso.com"});
  EXPECT_EQ(judged(message, in_force).action(), ActionKind::kTag);
  message.direction = policy::Direction::kOutbound;
  EXPECT_EQ(judged(message, in_force).action(), ActionKind::kReject);
}

// What must be known of a message's authentication under the policy.
std::optional<AuthenticationNeed> need_of(MessageFacts message, const InForce& in_force) {
  const DegradedActions degraded;
  return Judgement{std::move(message), in_force, degraded, nullptr}.need();
}

std::string requiring(std::string_view requirement) {
  return "version: 1\nmode: enforce\nauthentication: {require: " + std::string{requirement} + "}\n";
}

TEST(AuthenticationNeed, IsThereForAnAddressOfThePersonAlone) {
  const InForce in_force = known_in_force(requiring("published"));
  EXPECT_FALSE(need_of(message_for({"desk@contoso.com"}), in_force).has_value());
  EXPECT_FALSE(need_of(message_for({"desk@contoso.com"}, "Bob <bob@elsewhere.example>"), in_force)
                   .has_value());
  const auto need = need_of(message_for({"desk@contoso.com"}, kOwn), in_force);
  ASSERT_TRUE(need.has_value());
  EXPECT_EQ(need->from_domain, "contoso.com");
  EXPECT_TRUE(need->only_if_published);
  EXPECT_FALSE(need->needs_dkim);
}

TEST(AuthenticationNeed, FollowsWhatThePolicyRequires) {
  const MessageFacts own = message_for({"desk@contoso.com"}, kOwn);
  EXPECT_FALSE(need_of(own, known_in_force(requiring("never"))).has_value());
  const auto always = need_of(own, known_in_force(requiring("always")));
  ASSERT_TRUE(always.has_value());
  EXPECT_FALSE(always->only_if_published);
}

TEST(AuthenticationNeed, IsThereForEachFindingIfThePolicySaysSo) {
  const InForce in_force = known_in_force(
      "version: 1\nmode: enforce\nauthentication: {require: never, findings: always}\n");
  const auto need =
      need_of(message_for({"desk@contoso.com"}, "Ada Lovelace <x@other.example>"), in_force);
  ASSERT_TRUE(need.has_value());
  EXPECT_EQ(need->from_domain, "other.example");
  EXPECT_FALSE(need->only_if_published);
  EXPECT_FALSE(need_of(message_for({"desk@contoso.com"}, "Bob <bob@elsewhere.example>"), in_force)
                   .has_value());
}

// What is proved is kept with the finding; it changes nothing about it.
TEST(Judgement, TellsWhetherTheSenderOfAFindingIsProved) {
  const InForce in_force =
      known_in_force("version: 1\nmode: enforce\nauthentication: {findings: always}\n");
  const MessageFacts message = message_for({"desk@contoso.com"}, "Ada Lovelace <x@other.example>");
  const DegradedActions degraded;
  const auto proved = [&](bool passes, bool is_unavailable) {
    Judgement judgement{message, in_force, degraded, nullptr};
    judgement.authenticate({.aligned_pass = passes}, is_unavailable);
    const Verdict verdict = judgement.verdict();
    EXPECT_EQ(verdict.kind, Verdict::Kind::kFinding);
    EXPECT_FALSE(verdict.degradation.has_value());
    return verdict.findings.at(0).is_authenticated;
  };
  EXPECT_EQ(proved(true, false), std::optional{true});
  EXPECT_EQ(proved(false, false), std::optional{false});
  EXPECT_EQ(proved(true, true), std::optional{true});
  EXPECT_EQ(proved(false, true), std::nullopt);
  Judgement unasked{message, in_force, degraded, nullptr};
  EXPECT_EQ(unasked.verdict().findings.at(0).is_authenticated, std::nullopt);
}

TEST(AuthenticationNeed, IsThereWhereAnExceptionHangsOnIt) {
  InForce in_force = known_in_force(kWithException);
  const auto need = need_of(
      message_for({"desk@contoso.com"}, "Ada Lovelace <no-reply@calendly.example>"), in_force);
  ASSERT_TRUE(need.has_value());
  EXPECT_FALSE(need->only_if_published);
  EXPECT_FALSE(
      need_of(message_for({"desk@contoso.com"}, "Ada Lovelace <x@other.example>"), in_force)
          .has_value());
}

TEST(AuthenticationNeed, IsOfDkimWhereAListMayHavePassedItOn) {
  MessageFacts message = message_for({"desk@contoso.com"}, "Ada Lovelace <dev@lists.example>");
  message.senders.list_domains = {"lists.example"};
  message.senders.original_senders = {"ada@contoso.com"};
  const auto need = need_of(message, known_in_force(requiring("published")));
  ASSERT_TRUE(need.has_value());
  EXPECT_TRUE(need->needs_dkim);
  EXPECT_FALSE(need->only_if_published);
}

TEST(AuthenticationNeed, IsNotThereWhereTheAuthorIsNotOne) {
  const InForce in_force = known_in_force(requiring("always"));
  EXPECT_FALSE(need_of(message_for({"desk@contoso.com"},
                                   "Ada Lovelace <ada@contoso.com>, Bob <bob@elsewhere.example>"),
                       in_force)
                   .has_value());
}

TEST(Judge, AnAddressWhoseAuthenticationCannotBeHadIsNeitherBelievedNorForged) {
  const InForce in_force = known_in_force(requiring("published"));
  MessageFacts message = message_for({"desk@contoso.com"}, kOwn);
  message.authentication = policy::AuthenticationResults{};
  message.is_authentication_unavailable = true;
  const Verdict unknown = judged(message, in_force);
  EXPECT_EQ(unknown.kind, Kind::kDegraded);
  EXPECT_EQ(unknown.degradation, Degradation::kAuthenticationUnavailable);
  EXPECT_EQ(unknown.action(), ActionKind::kTag);
  EXPECT_TRUE(unknown.findings.empty());
  message.authentication->aligned_pass = true;
  EXPECT_EQ(judged(message, in_force).kind, Kind::kNoFinding);
}

TEST(Judge, AForeignAddressStandsAsAFindingWhateverCannotBeHad) {
  const InForce in_force = known_in_force(kWithException);
  MessageFacts message =
      message_for({"desk@contoso.com"}, "Ada Lovelace <no-reply@calendly.example>");
  message.authentication = policy::AuthenticationResults{};
  message.is_authentication_unavailable = true;
  EXPECT_EQ(judged(message, in_force).kind, Kind::kFinding);
}

}  // namespace
}  // namespace gateway
