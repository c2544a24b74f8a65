// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/postfix_plan.h"

#include "gateway/settings.h"
#include "gateway/setup/postfix_state.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Words = std::vector<std::string>;
using Lines = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kEntry =
    "{ inet:127.0.0.1:8897, connect_timeout=10s, command_timeout=30s, content_timeout=120s, "
    "default_action=tempfail }";

ListenAddress loopback() {
  return {.family = ListenAddress::Family::kInet, .host = "127.0.0.1", .port = 8897, .path = {}};
}

PostfixState postfix(const std::string& milters = "") {
  return {.version = "3.7.11",
          .folder = "/etc/postfix",
          .queue_folder = "/var/spool/postfix",
          .milters = milters,
          .expanded_milters = milters,
          .own_milters = {},
          .parameter = {},
          .default_action = "tempfail",
          .protocol = "6",
          .services = {{.name = "smtp/inet", .is_chrooted = true, .milters = {}}}};
}

PostfixPlan plan(const PostfixState& state) {
  auto plan = plan_postfix(state, loopback(), "");
  EXPECT_TRUE(plan.has_value());
  return plan.value_or(PostfixPlan{});
}

// All of a plan's warnings or notes as one text; each is a line.
std::string text_of(const Words& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) {
    text += sentence + "\n";
  }
  return text;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_one_with(const Words& sentences, std::string_view part) {
  return sentences.size() == 1 && contains(sentences[0], part);
}

TEST(PostfixPlan, PutsTheGatewayBehindTheMiltersThatAreThere) {
  const PostfixPlan found = plan(postfix("inet:localhost:8891"));
  EXPECT_EQ(found.set,
            (Lines{{"fromguard_milter", kEntry},
                   {"smtpd_milters", "inet:localhost:8891, $fromguard_milter"}}));
  EXPECT_TRUE(is_one_with(found.notes, "inet:localhost:8891 before fromguard"))
      << text_of(found.notes);
  EXPECT_TRUE(found.warnings.empty());
}

TEST(PostfixPlan, HasNothingToDoTheSecondTime) {
  PostfixState state = postfix("$fromguard_milter");
  state.parameter = kEntry;
  state.expanded_milters = kEntry;
  EXPECT_TRUE(plan(state).is_done());
}

TEST(PostfixPlan, FollowsAnotherPortAndKeepsWhatWasTuned) {
  PostfixState state = postfix("$fromguard_milter");
  state.parameter = "{ inet:127.0.0.1:9999, default_action=quarantine }";
  EXPECT_EQ(plan(state).set,
            (Lines{{"fromguard_milter", "{ inet:127.0.0.1:8897, default_action=quarantine }"}}));
}

TEST(PostfixPlan, TakesOverAnEntryWithoutSettings) {
  EXPECT_EQ(
      plan(postfix("inet:localhost:8897, inet:a:1")).set,
      (Lines{{"fromguard_milter", kEntry}, {"smtpd_milters", "$fromguard_milter, inet:a:1"}}));
}

TEST(PostfixPlan, LeavesWhatAPersonHasMade) {
  EXPECT_TRUE(plan(postfix("{ inet:127.0.0.1:8897, default_action=quarantine }")).is_done());
  PostfixState behind = postfix("$all_milters");
  behind.expanded_milters = "inet:localhost:8891 inet:127.0.0.1:8897";
  EXPECT_TRUE(plan(behind).is_done());
}

TEST(PostfixPlan, WarnsWhereMailWouldPassUnseenOrBounce) {
  EXPECT_TRUE(is_one_with(plan(postfix("{ inet:127.0.0.1:8897, default_action=accept }")).warnings,
                          "fromguard's default_action is accept"))
      << text_of(plan(postfix("{ inet:127.0.0.1:8897, default_action=accept }")).warnings);
  PostfixState state = postfix("inet:localhost:8891");
  state.default_action = "reject";
  EXPECT_TRUE(is_one_with(plan(state).warnings, "while another milter"))
      << text_of(plan(state).warnings);
  state = postfix();
  state.default_action = "accept";
  EXPECT_TRUE(plan(state).warnings.empty()) << "fromguard has its own";
}

TEST(PostfixPlan, WarnsOfAVerifierBehindTheGateway) {
  EXPECT_TRUE(
      is_one_with(plan(postfix("inet:127.0.0.1:8897, unix:opendkim/opendkim.sock")).warnings,
                  "put fromguard behind it"))
      << text_of(plan(postfix("inet:127.0.0.1:8897, unix:opendkim/opendkim.sock")).warnings);
}

TEST(PostfixPlan, NamesServicesThatGoWithoutTheGateway) {
  PostfixState state = postfix();
  state.services.push_back({.name = "submission/inet", .is_chrooted = true, .milters = ""});
  state.services.push_back(
      {.name = "26/inet", .is_chrooted = true, .milters = "inet:localhost:8897"});
  EXPECT_TRUE(is_one_with(plan(state).warnings, "submission/inet in master.cf"))
      << text_of(plan(state).warnings);
}

TEST(PostfixPlan, RefusesASocketThatAChrootHides) {
  const ListenAddress outside{.family = ListenAddress::Family::kUnix,
                              .host = {},
                              .port = 0,
                              .path = "/run/fromguard/m.sock"};
  PostfixState state = postfix();
  const auto refused = plan_postfix(state, outside, "postfix");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, policy::ErrorCode::kConflict);
  EXPECT_TRUE(
      contains(refused.error().message, "listen: unix:/var/spool/postfix/fromguard/gateway.sock"));
  state.services[0].is_chrooted = false;
  const auto seen = plan_postfix(state, outside, "postfix");
  ASSERT_TRUE(seen.has_value());
  EXPECT_TRUE(contains(seen->set[0].second, "{ unix:/run/fromguard/m.sock,"));
}

TEST(PostfixPlan, SaysFromWhereASocketsPathIsTold) {
  const ListenAddress inside{.family = ListenAddress::Family::kUnix,
                             .host = {},
                             .port = 0,
                             .path = "/var/spool/postfix/fromguard/m.sock"};
  const auto found = plan_postfix(postfix(), inside, "");
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(contains(found->set[0].second, "{ unix:fromguard/m.sock,"));
  EXPECT_TRUE(is_one_with(found->notes, "from /var/spool/postfix")) << text_of(found->notes);
  EXPECT_TRUE(is_one_with(found->warnings, "no socket_group")) << text_of(found->warnings);
}

TEST(PostfixPlan, RemovesTheGatewayAlone) {
  PostfixState state = postfix("inet:a:1, $fromguard_milter, inet:127.0.0.1:8897");
  state.parameter = kEntry;
  const PostfixPlan found = plan_postfix_removal(state, loopback());
  EXPECT_EQ(found.set, (Lines{{"smtpd_milters", "inet:a:1"}}));
  EXPECT_EQ(found.unset, (Words{"fromguard_milter"}));
}

TEST(PostfixPlan, RemovesAListThatWouldBeEmpty) {
  PostfixState state = postfix("$fromguard_milter");
  state.parameter = kEntry;
  const PostfixPlan found = plan_postfix_removal(state, loopback());
  EXPECT_TRUE(found.set.empty());
  EXPECT_EQ(found.unset, (Words{"smtpd_milters", "fromguard_milter"}));
  EXPECT_TRUE(plan_postfix_removal(postfix("inet:a:1"), loopback()).is_done());
}

}  // namespace
}  // namespace gateway
