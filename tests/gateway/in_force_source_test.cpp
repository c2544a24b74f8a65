// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/in_force_source.h"

#include "gateway/session/judge.h"
#include "gateway/session/verdict.h"
#include "gateway/snapshot/current_generation.h"
#include "policy/config/problems.h"
#include "policy/people/directory_view.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "tests/gateway/message/reading.h"
#include "tests/support/publish_people.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using Outcome = PolicyReload::Outcome;
using policy::ActionKind;

constexpr std::string_view kQuarantining =
    "version: 1\nmode: enforce\nrules: [{name: all, then: {action: quarantine}}]\n";

class InForceSourceTest : public ::testing::Test {
 protected:
  InForceSourceTest() {
    write_policy(kQuarantining);
    fs::create_directory(tenants_path().parent_path());
  }

  void write_policy(std::string_view text) { tests::write_file(policy_path(), text); }

  void publish(std::string_view prefix, std::size_t count = 3) {
    const auto published =
        tests::publish_people(folder_.path(), tests::numbered_people(prefix, count));
    ASSERT_TRUE(published.has_value()) << published.error().message;
  }

  fs::path policy_path() const { return folder_.path() / "policy.yaml"; }

  fs::path lexicon_path() const { return folder_.path() / "decorations.txt"; }

  fs::path catalogue_path() const { return folder_.path() / "delegated-senders.yaml"; }

  fs::path tenants_path() const { return folder_.path() / "tenants" / "outbound.yaml"; }

  PolicyFiles files() const {
    return {.policy = policy_path(),
            .decorations = lexicon_path(),
            .delegated_senders = catalogue_path(),
            .outbound_tenants = tenants_path()};
  }

  // What the policy and generation in force say about a message that shows `name`.
  Verdict judged(const std::string& name) const {
    MessageFacts message;
    message.senders.from = read_from({name + " <x@freemail.example>"});
    message.recipients = {"desk@contoso.com"};
    return Judgement{message, source_.get(), DegradedActions{}, nullptr}.verdict();
  }

  tests::TemporaryFolder folder_;
  InForceSource source_{files(), folder_.path() / "snapshots", std::chrono::hours{26}};
};

TEST_F(InForceSourceTest, ServesThePolicyBeforeThereIsASnapshot) {
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kMissing);
  const InForce in_force = source_.get();
  ASSERT_NE(in_force.policy, nullptr);
  EXPECT_EQ(in_force.detector, nullptr);
  EXPECT_FALSE(in_force.is_stale);
  EXPECT_EQ(source_.snapshot_facts().generation, nullptr);
  EXPECT_TRUE(source_.snapshot_facts().has_trouble);
  EXPECT_EQ(judged("Ada Number 1").degradation, Degradation::kNoSnapshot);
}

TEST_F(InForceSourceTest, ANewGenerationIsUsedByTheNextMessage) {
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  publish("Ada");
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  const InForce before = source_.get();
  EXPECT_EQ(judged("Ada Number 1").kind, Verdict::Kind::kFinding);
  publish("Bob");
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(judged("Ada Number 1").kind, Verdict::Kind::kNoFinding);
  EXPECT_EQ(judged("Bob Number 1").kind, Verdict::Kind::kFinding);
  EXPECT_EQ(judged("Bob Number 1").generation, 2U);
  // A message that began before keeps what it took.
  EXPECT_EQ(before.detector->view().generation(), 1U);
  EXPECT_FALSE(before.detector->view().people_by_address("Ada1@contoso.com").value().empty());
}

TEST_F(InForceSourceTest, ThePolicyIsReadWhenItsFileChangesAndNotBefore) {
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kUnchanged);
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  publish("Ada");
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(judged("Ada Number 1").action(), ActionKind::kQuarantine);
  write_policy("version: 1\nmode: enforce\n");
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_EQ(judged("Ada Number 1").action(), ActionKind::kTag);
}

TEST_F(InForceSourceTest, ARefusedPolicyIsToldOnceAndLeavesTheLastGoodOneInForce) {
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  const std::string digest = source_.get().policy->digest();
  write_policy("version: 1\nmood: enforce\n");
  const PolicyReload refused = source_.refresh_policy(false);
  EXPECT_EQ(refused.outcome, Outcome::kRefused);
  EXPECT_NE(refused.problems.text().find(policy_path().string() + ":2:1: "), std::string::npos)
      << refused.problems.text();
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kUnchanged);
  EXPECT_EQ(source_.get().policy->digest(), digest);
  fs::remove(policy_path());
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kRefused);
  EXPECT_EQ(source_.get().policy->digest(), digest);
  write_policy(kQuarantining);
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
}

TEST_F(InForceSourceTest, AReadPolicyLeavesTheGenerationServed) {
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  publish("Ada");
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_NE(source_.snapshot_facts().generation, nullptr);
}

TEST_F(InForceSourceTest, ThePolicyIsReadAgainWhenAFileOfItsListsChanges) {
  const fs::path list = folder_.path() / "freemail.txt";
  tests::write_file(list, "freemail.example\n");
  write_policy(
      "version: 1\nmode: enforce\nlists: {freemail: {file: freemail.txt}}\n"
      "rules: [{name: free, when: {from: freemail}, then: {action: reject}}]\n");
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kUnchanged);
  publish("Ada");
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(judged("Ada Number 1").action(), ActionKind::kReject);
  tests::write_file(list, "other.example\n# and no more\n");
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_EQ(judged("Ada Number 1").action(), ActionKind::kTag);
  tests::write_file(list, "no domain at all\n");
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kRefused);
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kUnchanged);
}

TEST_F(InForceSourceTest, TheLexiconIsReadWithThePolicy) {
  publish("Ada");
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(judged("Ada Number 1 Wizard").kind, Verdict::Kind::kNoFinding);
  tests::write_file(lexicon_path(), "[decorations]\nwizard\n");
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_EQ(judged("Ada Number 1 Wizard").kind, Verdict::Kind::kFinding);
  tests::write_file(lexicon_path(), "[nonsense]\nwizard\n");
  const PolicyReload refused = source_.refresh_policy(false);
  EXPECT_EQ(refused.outcome, Outcome::kRefused);
  EXPECT_NE(refused.problems.text().find(lexicon_path().string()), std::string::npos);
  EXPECT_EQ(judged("Ada Number 1 Wizard").kind, Verdict::Kind::kFinding);
  fs::remove(lexicon_path());
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_EQ(judged("Ada Number 1 Wizard").kind, Verdict::Kind::kNoFinding);
}

TEST_F(InForceSourceTest, TheDelegatedSendersAreReadWithThePolicy) {
  const auto finds = [&](std::string_view address) {
    return source_.get().delegated_senders->find(address) != nullptr;
  };
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_TRUE(finds("dse@docusign.net"));
  tests::write_file(catalogue_path(),
                    "version: 1\nservices: [{name: Sign, senders: [\"*@sign.example\"]}]\n");
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_TRUE(finds("x@sign.example"));
  EXPECT_FALSE(finds("dse@docusign.net"));
  tests::write_file(catalogue_path(), "version: 1\nservices:\n  - {name: Sign, sender: x}\n");
  const PolicyReload refused = source_.refresh_policy(false);
  EXPECT_EQ(refused.outcome, Outcome::kRefused);
  EXPECT_TRUE(refused.problems.text().contains(catalogue_path().string() + ":3:"))
      << refused.problems.text();
  EXPECT_TRUE(finds("x@sign.example"));
  fs::remove(catalogue_path());
  EXPECT_EQ(source_.refresh_policy(false).outcome, Outcome::kReloaded);
  EXPECT_TRUE(finds("dse@docusign.net"));
}

TEST_F(InForceSourceTest, ADamagedGenerationLeavesTheLastGoodOneInForce) {
  publish("Ada");
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  publish("Bob");
  tests::write_file(folder_.path() / "snapshots" / "generation-2" / "CURRENT", "damage");
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kRefused);
  EXPECT_TRUE(source_.snapshot_facts().has_trouble);
  EXPECT_EQ(judged("Ada Number 1").generation, 1U);
  EXPECT_EQ(judged("Ada Number 1").kind, Verdict::Kind::kFinding);
}

TEST_F(InForceSourceTest, AGenerationThatIsOlderThanAllowedIsStale) {
  publish("Ada");
  InForceSource strict{files(), folder_.path() / "snapshots", std::chrono::milliseconds{-60'000}};
  EXPECT_EQ(strict.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_FALSE(strict.get().is_stale);
  EXPECT_EQ(strict.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_TRUE(strict.get().is_stale);
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_FALSE(source_.get().is_stale);
}

TEST_F(InForceSourceTest, AGenerationFromTheFutureGrowsOldFromNowOn) {
  publish("Ada");
  constexpr std::int64_t kInTenYears = std::int64_t{10} * 365 * 86'400;
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const timespec future{.tv_sec = now + kInTenYears, .tv_nsec = 0};
  const std::array<timespec, 2> times{future, future};
  const std::filesystem::path link = folder_.path() / "snapshots" / "current";
  ASSERT_EQ(::utimensat(AT_FDCWD, link.c_str(), times.data(), AT_SYMLINK_NOFOLLOW), 0);
  EXPECT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
  EXPECT_GE(source_.snapshot_facts().age, std::chrono::seconds{0});
  EXPECT_LT(source_.snapshot_facts().age, std::chrono::hours{1});
}

TEST_F(InForceSourceTest, OutboundTenantsComeLaterAndABadFileLeavesTheLastGoodOnes) {
  EXPECT_EQ(source_.refresh_policy(true).outcome, Outcome::kReloaded);
  EXPECT_EQ(source_.refresh_outbound_tenants(true).outcome, Outcome::kRefused);
  EXPECT_EQ(source_.refresh_outbound_tenants(false).outcome, Outcome::kUnchanged);
  EXPECT_EQ(source_.get().outbound_tenants, nullptr);
  tests::write_file(tenants_path(), "tenants: []\n");
  EXPECT_EQ(source_.refresh_outbound_tenants(false).outcome, Outcome::kReloaded);
  const auto before = source_.get().outbound_tenants;
  ASSERT_NE(before, nullptr);
  for (const std::string_view bad : {"tenants:\n", "tenants: [secret]\n"}) {
    tests::write_file(tenants_path(), bad);
    const PolicyReload reload = source_.refresh_outbound_tenants(false);
    EXPECT_EQ(reload.outcome, Outcome::kRefused);
    EXPECT_TRUE(reload.problems.has_errors());
    EXPECT_EQ(source_.get().outbound_tenants, before);
  }
  fs::remove(tenants_path());
  EXPECT_EQ(source_.refresh_outbound_tenants(false).outcome, Outcome::kRefused);
  EXPECT_EQ(source_.get().outbound_tenants, before);
  tests::write_file(tenants_path(), "tenants: []\n");
  EXPECT_EQ(source_.refresh_outbound_tenants(false).outcome, Outcome::kReloaded);
  EXPECT_NE(source_.get().outbound_tenants, before);
  EXPECT_EQ(source_.refresh_outbound_tenants(true).outcome, Outcome::kReloaded);
}

TEST_F(InForceSourceTest, ClosesAGenerationItselfAndNotInTheSessionThatUsedItLast) {
  publish("first");
  source_.refresh_policy(true);
  source_.refresh_snapshot();
  const std::weak_ptr<const OpenGeneration> first = source_.snapshot_facts().generation;
  ASSERT_FALSE(first.expired());
  {
    const InForce of_a_message = source_.get();
    publish("second");
    ASSERT_EQ(source_.refresh_snapshot().outcome, RefreshOutcome::kSwapped);
    source_.refresh_snapshot();
  }
  EXPECT_FALSE(first.expired());
  source_.refresh_snapshot();
  EXPECT_TRUE(first.expired());
}

}  // namespace
}  // namespace gateway
