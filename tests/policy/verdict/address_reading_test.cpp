// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Texts = std::vector<std::string>;

class ListedAddresses : public testing::Test {
 protected:
  void write(const std::filesystem::path& name, std::string_view text) const {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    tests::write_file(folder_.path() / name, text);
  }

  std::optional<Policy> load(std::string_view text) {
    write("etc/policy.yaml", "version: 1\n" + std::string{text});
    Problems problems;
    auto policy = Policy::load(folder_.path() / "etc/policy.yaml", problems);
    told_ = problems.text();
    return policy;
  }

  // The lists by which a message from there is matched; nothing if no rule matches.
  static std::optional<Texts> lists_matched(const Policy& policy, const std::string& from) {
    Finding finding;
    finding.address = from;
    const auto decision =
        policy.decide({.finding = finding, .recipients = {}, .today = {}}).value_or(Decision{});
    return decision.rule.empty() ? std::nullopt : std::optional{decision.lists};
  }

  tests::TemporaryFolder folder_;
  std::string told_;
};

constexpr std::string_view kRuleByList =
    "rules: [{name: free, when: {from: [freemail, x@y.example]}, then: {}}]\n";

TEST_F(ListedAddresses, ComeFromFilesBesideThePolicy) {
  write("etc/lists/freemail.txt",
        "# free for all\nFreemail.example\n\n*@post.example # and this\n"
        "ada@single.example\n");
  const auto policy =
      load("lists: {freemail: {file: lists/freemail.txt}}\n" + std::string{kRuleByList});
  ASSERT_TRUE(policy.has_value()) << told_;
  EXPECT_EQ(lists_matched(*policy, "a@freemail.example"), Texts{"freemail"});
  EXPECT_EQ(lists_matched(*policy, "a@POST.example"), Texts{"freemail"});
  EXPECT_EQ(lists_matched(*policy, "ada@single.example"), Texts{"freemail"});
  EXPECT_EQ(lists_matched(*policy, "x@y.example"), Texts{});
  EXPECT_EQ(lists_matched(*policy, "bob@single.example"), std::nullopt);
  EXPECT_EQ(lists_matched(*policy, "a@mail.freemail.example"), std::nullopt);
  EXPECT_EQ(policy->list_files().size(), 1U);
}

TEST_F(ListedAddresses, MayStandInThePolicy) {
  const auto policy = load("lists: {freemail: {entries: [freemail.example, a@b.example]}}\n" +
                           std::string{kRuleByList});
  ASSERT_TRUE(policy.has_value()) << told_;
  EXPECT_EQ(lists_matched(*policy, "z@freemail.example"), Texts{"freemail"});
}

TEST_F(ListedAddresses, ArePartOfWhatThePolicyIsCalled) {
  const std::string text = "lists: {freemail: {file: f.txt}}\n" + std::string{kRuleByList};
  write("etc/f.txt", "one.example\n");
  const auto before = load(text);
  write("etc/f.txt", "two.example\n");
  const auto after = load(text);
  ASSERT_TRUE(before.has_value() && after.has_value());
  EXPECT_NE(before->digest(), after->digest());
}

TEST_F(ListedAddresses, AreNeverReadFromOutsideTheFolder) {
  write("secret.txt", "a.example\n");
  std::filesystem::create_directories(folder_.path() / "etc");
  std::filesystem::create_symlink(folder_.path() / "secret.txt", folder_.path() / "etc/link.txt");
  for (const std::string& name : {std::string{"../secret.txt"},
                                  std::string{"link.txt"},
                                  (folder_.path() / "secret.txt").string(),
                                  std::string{"."},
                                  std::string{"x/../../secret.txt"}}) {
    EXPECT_FALSE(load("lists: {freemail: {file: " + name + "}}\n" + std::string{kRuleByList}));
    EXPECT_TRUE(told_.contains("policy.yaml:2:26: ")) << told_;
    EXPECT_TRUE(told_.contains("is outside of the policy's folder")) << told_;
  }
}

TEST_F(ListedAddresses, OfAMissingFileOrWithWrongLinesAreRefusedWithTheLine) {
  EXPECT_FALSE(load("lists: {freemail: {file: none.txt}}\n" + std::string{kRuleByList}));
  EXPECT_TRUE(told_.contains("policy.yaml:2:26: the list 'freemail' cannot be read")) << told_;
  write("etc/f.txt", "good.example\nb ad.example\n*@*.example\n");
  EXPECT_FALSE(load("lists: {freemail: {file: f.txt}}\n" + std::string{kRuleByList}));
  EXPECT_TRUE(told_.contains("f.txt:2:1: ")) << told_;
  EXPECT_TRUE(told_.contains("f.txt:3:1: ")) << told_;
}

TEST_F(ListedAddresses, AreNamedByRulesAsTheyAreCalled) {
  EXPECT_FALSE(load("lists: {freemails: {entries: [a.example]}}\n" + std::string{kRuleByList}));
  EXPECT_TRUE(
      told_.contains("'freemail' is no address and none of the 'lists'; did you mean "
                     "'freemails'?"))
      << told_;
  EXPECT_FALSE(load("lists: {\"a@b\": {entries: [a.example]}, c: {}, d: x}\n"));
  EXPECT_TRUE(told_.contains("'a@b' is no name for a list")) << told_;
  EXPECT_TRUE(told_.contains("the list 'c' has neither 'file' nor 'entries'")) << told_;
  EXPECT_TRUE(told_.contains("the list 'd' needs 'file' or 'entries'")) << told_;
}

TEST_F(ListedAddresses, ThatNobodyUsesAreWarnedOf) {
  EXPECT_TRUE(load("lists: {unused: {entries: [a.example]}}\n"));
  EXPECT_TRUE(told_.contains("warning: no rule and no exception uses the list 'unused'")) << told_;
}

TEST_F(ListedAddresses, ShowWhichRulesCannotBeReached) {
  EXPECT_FALSE(
      load("lists: {free: {entries: [a.example, b.example]}}\nrules:\n"
           "- {name: one, when: {from: free}, then: {}}\n"
           "- {name: two, when: {from: x@a.example}, then: {}}\n"));
  EXPECT_TRUE(told_.contains("the rule 'two' can never be reached")) << told_;
}

}  // namespace
}  // namespace policy
