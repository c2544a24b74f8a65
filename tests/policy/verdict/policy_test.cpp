// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/policy.h"

#include "policy/config/problems.h"
#include "policy/digest.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/finding.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

Policy parse(std::string_view text) {
  Problems problems;
  auto policy = Policy::parse(text, "policy.yaml", problems);
  if (!policy.has_value()) {
    throw std::runtime_error{problems.text()};
  }
  return *std::move(policy);
}

// A policy of one rule with this `when`, which rejects.
Policy when(std::string_view conditions) {
  return parse("version: 1\nrules:\n  - name: only\n    when: {" + std::string{conditions} +
               "}\n    then: {action: reject}\n");
}

Finding forged_ada() {
  Finding finding;
  finding.kind = FindingKind::kProtectedName;
  finding.match = Match::kExact;
  finding.organization_name = "Contoso";
  finding.person = "Ada Lovelace";
  finding.person_addresses = {"ada@contoso.com", "ada@xn--bcher-kva.example"};
  finding.person_groups = {"Executives", "Straße"};
  finding.address = "Ada@FreeMail.example";
  finding.reason = "Protected Name Ada Lovelace should not appear as Ada@FreeMail.example";
  return finding;
}

// The decision; one of a rule "no finding" where there is none.
Decision decide(const Policy& policy,
                const Finding& finding,
                const std::vector<std::string>& recipients = {"cfo@contoso.com"}) {
  Decision none;
  none.rule = "no finding";
  return policy.decide({.finding = finding, .recipients = recipients, .today = {}}).value_or(none);
}

// The name of the rule that matched; "" for the default.
std::string rule_for(const Policy& policy,
                     const Finding& finding,
                     const std::vector<std::string>& recipients = {"cfo@contoso.com"}) {
  return decide(policy, finding, recipients).rule;
}

bool catches_ada(std::string_view conditions) {
  return rule_for(when(conditions), forged_ada()) == "only";
}

TEST(Policy, HasSafeDefaults) {
  const Policy policy = parse("version: 1\n");
  EXPECT_EQ(policy.mode(), Mode::kMonitor);
  EXPECT_EQ(policy.stamp(), StampWhen::kFindings);
  EXPECT_EQ(policy.authentication_requirement(), AuthenticationRequirement::kPublished);
  const Finding finding = forged_ada();
  const Decision decision = decide(policy, finding);
  EXPECT_EQ(decision.rule, "");
  EXPECT_EQ(decision.disposition, Disposition::kSpoof);
  EXPECT_EQ(decision.action, ActionKind::kTag);
  EXPECT_EQ(decision.reply_text, "");
}

TEST(Policy, ReadsItsSettings) {
  const Policy policy = parse(
      "version: 1\nmode: enforce\nstamp: all\nauthentication: {require: always}\n"
      "matches: {nickname: off, typo: off, local_part: off}\nrules: []\n");
  EXPECT_EQ(policy.mode(), Mode::kEnforce);
  EXPECT_EQ(policy.stamp(), StampWhen::kAll);
  EXPECT_EQ(policy.authentication_requirement(), AuthenticationRequirement::kAlways);
  EXPECT_EQ(word(policy.mode()), "enforce");
  EXPECT_EQ(word(policy.stamp()), "all");
}

TEST(Policy, AMatchThatIsOnNeedsNoRuleThatNamesIt) {
  Finding nickname = forged_ada();
  nickname.match = Match::kNickname;
  const Policy off = parse("version: 1\nrules: [{name: all, then: {action: reject}}]\n");
  EXPECT_FALSE(off.decide({.finding = nickname, .recipients = {}, .today = {}}).has_value());
  const Policy on =
      parse("version: 1\nmatches: {nickname: on}\nrules: [{name: all, then: {action: reject}}]\n");
  EXPECT_EQ(decide(on, nickname).rule, "all");
  EXPECT_EQ(decide(parse("version: 1\nmatches: {nickname: on}\n"), nickname).action,
            ActionKind::kTag);
}

TEST(Policy, SaysWhatIsExempt) {
  EXPECT_EQ(parse("version: 1\n").exemptions(),
            (ExemptionSwitches{.delegated_senders = true, .lists = true, .self_mail = false}));
  EXPECT_EQ(parse("version: 1\nexempt: {delegated_senders: off, lists: off, self_mail: on}\n")
                .exemptions(),
            (ExemptionSwitches{.delegated_senders = false, .lists = false, .self_mail = true}));
}

TEST(Policy, IsKnownByTheDigestOfItsFile) {
  const std::string text = "version: 1\n";
  EXPECT_EQ(parse(text).digest(), sha256_hex(text).substr(0, 8));
  EXPECT_NE(parse(text + "# changed\n").digest(), parse(text).digest());
}

TEST(Policy, TheFirstMatchingRuleDecides) {
  const Policy policy = parse(R"(
version: 1
rules:
  - {name: other, when: {organizations: [fabrikam]}, then: {action: reject}}
  - {name: first, when: {organizations: [contoso]}, then: {disposition: bulk, action: quarantine}}
  - {name: second, when: {groups: [executives]}, then: {action: reject}}
  - {name: rest, then: {action: accept, disposition: none}}
)");
  EXPECT_EQ(rule_for(policy, forged_ada()), "first");
  Finding finding = forged_ada();
  finding.organization_name = "Northwind";
  EXPECT_EQ(rule_for(policy, finding), "second");
  finding.person_groups.clear();
  EXPECT_EQ(rule_for(policy, finding), "rest");
  const Decision decision = decide(policy, finding);
  EXPECT_EQ(decision.action, ActionKind::kAccept);
  EXPECT_EQ(decision.disposition, Disposition::kNone);
}

TEST(Policy, WhereNoRuleMatchesTheDefaultDecides) {
  EXPECT_EQ(rule_for(when("organizations: [fabrikam]"), forged_ada()), "");
}

TEST(Policy, EveryConditionMustHoldAndAnyOfItsList) {
  EXPECT_TRUE(catches_ada("organizations: [x, contoso], groups: [y, executives]"));
  EXPECT_FALSE(catches_ada("organizations: [contoso], groups: [y]"));
  EXPECT_FALSE(catches_ada("organizations: [x], groups: [executives]"));
}

TEST(Policy, OrganizationsAndGroupsAreBlindToCase) {
  EXPECT_TRUE(catches_ada("organizations: CONTOSO"));
  EXPECT_TRUE(catches_ada("groups: [EXECUTIVES]"));
  EXPECT_TRUE(catches_ada("groups: [STRASSE]"));
  EXPECT_FALSE(catches_ada("groups: [Executive]"));
}

TEST(Policy, PeopleAreFoundByAnyOfTheirAddresses) {
  EXPECT_TRUE(catches_ada("people: [Ada@Contoso.com]"));
  EXPECT_TRUE(catches_ada("people: [\"ada@bücher.example\"]"));
  EXPECT_FALSE(catches_ada("people: [ada@freemail.example]"));
}

TEST(Policy, WordsAreCompared) {
  EXPECT_TRUE(catches_ada("findings: [spoofed_address, protected_name]"));
  EXPECT_FALSE(catches_ada("findings: [spoofed_address, ambiguous_from]"));
  EXPECT_TRUE(catches_ada("matches: exact"));
  EXPECT_FALSE(catches_ada("matches: [lookalike, nickname]"));
  EXPECT_TRUE(catches_ada("fields: [from]"));
  EXPECT_FALSE(catches_ada("fields: [reply_to, sender]"));
}

TEST(Policy, FromIsAnExactAddressOrAWholeDomain) {
  EXPECT_TRUE(catches_ada("from: ada@freemail.example"));
  EXPECT_TRUE(catches_ada("from: [\"*@freemail.example\"]"));
  EXPECT_TRUE(catches_ada("from: [\"*@FREEMAIL.example.\"]"));
  EXPECT_FALSE(catches_ada("from: da@freemail.example"));
  EXPECT_FALSE(catches_ada("from: \"*@mail.example\""));
  EXPECT_FALSE(catches_ada("from: \"*@example\""));
  Finding finding = forged_ada();
  finding.address = "ada@sub.freemail.example";
  EXPECT_EQ(rule_for(when("from: \"*@freemail.example\""), finding), "");
  finding.address = "ada@freemail.example.evil.example";
  EXPECT_EQ(rule_for(when("from: \"*@freemail.example\""), finding), "");
  finding.address = "\"x@freemail.example\"@evil.example";
  EXPECT_EQ(rule_for(when("from: \"*@freemail.example\""), finding), "");
  finding.address = "";
  EXPECT_EQ(rule_for(when("from: \"*@freemail.example\""), finding), "");
}

TEST(Policy, AnyRecipientIsEnough) {
  const Policy policy = when("recipients: [\"*@finance.contoso.com\", cfo@contoso.com]");
  EXPECT_EQ(rule_for(policy, forged_ada(), {"it@contoso.com", "x@finance.contoso.com"}), "only");
  EXPECT_EQ(rule_for(policy, forged_ada(), {"cfo@contoso.com"}), "only");
  EXPECT_EQ(rule_for(policy, forged_ada(), {"it@contoso.com", "x@hr.contoso.com"}), "");
  EXPECT_EQ(rule_for(policy, forged_ada(), {}), "");
}

TEST(Policy, MalformedFromIsAFindingOnlyWhereARuleNamesIt) {
  Finding malformed = forged_ada();
  malformed.kind = FindingKind::kMalformedFrom;
  malformed.match.reset();
  const Policy silent = parse("version: 1\nrules: [{name: all, then: {action: reject}}]\n");
  EXPECT_EQ(rule_for(silent, malformed), "no finding");
  EXPECT_FALSE(silent.names(FindingKind::kMalformedFrom));
  const Policy naming = when("findings: [malformed_from], organizations: [contoso]");
  EXPECT_EQ(rule_for(naming, malformed), "only");
  EXPECT_TRUE(naming.names(FindingKind::kMalformedFrom));
  EXPECT_FALSE(naming.names(FindingKind::kProtectedName));
  malformed.organization_name = "Fabrikam";
  EXPECT_EQ(rule_for(naming, malformed), "no finding");
}

class WeakMatch : public testing::TestWithParam<Match> {};

TEST_P(WeakMatch, IsAFindingOnlyWhereARuleNamesIt) {
  Finding weak = forged_ada();
  weak.match = GetParam();
  const std::string named = "matches: [" + std::string{word(GetParam())} + "]";
  EXPECT_EQ(rule_for(when("organizations: [contoso]"), weak), "no finding");
  EXPECT_EQ(rule_for(when(named), weak), "only");
  EXPECT_EQ(rule_for(when(named + ", groups: [x]"), weak), "no finding");
}

INSTANTIATE_TEST_SUITE_P(Policy,
                         WeakMatch,
                         testing::Values(Match::kNickname, Match::kTypo, Match::kLocalPart));

TEST(Policy, AFindingWithoutMatchIsNotOfAnyListedMatch) {
  Finding ambiguous = forged_ada();
  ambiguous.kind = FindingKind::kAmbiguousFrom;
  ambiguous.match.reset();
  EXPECT_EQ(rule_for(when("matches: [exact, address]"), ambiguous), "");
  EXPECT_EQ(rule_for(when("findings: [ambiguous_from]"), ambiguous), "only");
}

TEST(Policy, RejectRepliesWithItsCodesAndItsText) {
  const Policy policy = parse(R"(
version: 1
rules:
  - name: one
    when: {groups: [x]}
    then: {action: reject}
  - name: two
    when: {groups: [y]}
    then: {action: reject, code: 554 5.7.26, text: "Not {person}"}
  - name: three
    then: {action: reject, code: 553}
)");
  Finding finding = forged_ada();
  finding.person_groups = {"x"};
  Decision decision = decide(policy, finding);
  EXPECT_EQ(decision.reply_code, "550");
  EXPECT_EQ(decision.enhanced_code, "5.7.1");
  EXPECT_EQ(decision.reply_text, finding.reason);
  finding.person_groups = {"y"};
  decision = decide(policy, finding);
  EXPECT_EQ(decision.reply_code, "554");
  EXPECT_EQ(decision.enhanced_code, "5.7.26");
  EXPECT_EQ(decision.reply_text, "Not Ada Lovelace");
  finding.person_groups.clear();
  decision = decide(policy, finding);
  EXPECT_EQ(decision.reply_code, "553");
  EXPECT_EQ(decision.enhanced_code, "5.7.1");
}

TEST(Policy, TempfailRepliesWith451AndTheReason) {
  const Policy policy = parse("version: 1\nrules: [{name: a, then: {action: tempfail}}]\n");
  const Finding finding = forged_ada();
  const Decision decision = decide(policy, finding);
  EXPECT_EQ(decision.action, ActionKind::kTempFail);
  EXPECT_EQ(decision.reply_code, "451");
  EXPECT_EQ(decision.enhanced_code, "4.7.1");
  EXPECT_EQ(decision.reply_text, finding.reason);
}

TEST(Policy, TagAddsItsHeadersInTheirOrder) {
  const Policy policy =
      parse("version: 1\nrules: [{name: a, then: {headers: {X-Spam-Flag: YES, X-A: \"b c\"}}}]\n");
  const Finding finding = forged_ada();
  const Decision decision = decide(policy, finding);
  EXPECT_EQ(decision.action, ActionKind::kTag);
  EXPECT_EQ(
      decision.headers,
      (std::vector<std::pair<std::string, std::string>>{{"X-Spam-Flag", "YES"}, {"X-A", "b c"}}));
}

TEST(Policy, TheShippedFileIsGoodAndTouchesNothing) {
  Problems problems;
  const std::filesystem::path path =
      std::filesystem::path{FROMGUARD_SOURCE_DIR} / "conf" / "policy.yaml";
  const auto policy = Policy::load(path, problems);
  EXPECT_EQ(problems.text(), "");
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->mode(), Mode::kMonitor);
  EXPECT_EQ(rule_for(*policy, forged_ada()), "everything else");
}

TEST(Policy, AFileThatIsNotThereIsAnError) {
  Problems problems;
  EXPECT_FALSE(Policy::load("/nonexistent/policy.yaml", problems).has_value());
  EXPECT_NE(problems.text().find("/nonexistent/policy.yaml: cannot read it"), std::string::npos);
}

}  // namespace
}  // namespace policy
