// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/transition.h"

#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace directory {
namespace {

using Kept = std::optional<PostureFinding>;

const FindingSubject kAda{.type = SubjectType::kUser, .id = "1", .label = "ada@contoso.example"};

// The finding after each of these looks, a day apart.
Kept after(const std::vector<Judgement>& judgements) {
  Kept kept;
  std::uint64_t scan = 0;
  for (const Judgement& judgement : judgements) {
    ++scan;
    kept = after_observation(kept,
                             kAda,
                             {.kind = find_kind("user-account-disabled"), .judgement = judgement},
                             {.scan = scan, .now = static_cast<std::int64_t>(scan) * 100});
  }
  return kept;
}

Judgement seen(const std::string& value) {
  return found({{.name = "account_enabled", .values = {value}}});
}

TEST(Transition, WhatIsCleanLeavesNoTrace) {
  EXPECT_FALSE(after({clean()}).has_value());
  EXPECT_FALSE(after({covered()}).has_value());
  EXPECT_FALSE(after({unknown("DNS fails"), clean()}).has_value());
}

TEST(Transition, AFindingIsOpenFromTheFirstToTheLastTimeItIsSeen) {
  const Kept kept = after({seen("a"), seen("b")});
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->finding, "user-account-disabled");
  EXPECT_EQ(kept->subject.label, "ada@contoso.example");
  EXPECT_EQ(kept->state, FindingState::kOpen);
  EXPECT_EQ(kept->first_seen, 100);
  EXPECT_EQ(kept->last_seen, 200);
  EXPECT_EQ(kept->evidence, (Evidence{{.name = "account_enabled", .values = {"b"}}}));
  EXPECT_EQ(kept->history.size(), 1U);
}

TEST(Transition, WhatWasMendedIsResolvedAndMayOpenAgain) {
  const Kept resolved = after({seen("a"), clean()});
  ASSERT_TRUE(resolved.has_value());
  EXPECT_EQ(resolved->state, FindingState::kResolved);
  EXPECT_EQ(resolved->last_seen, 100);
  const Kept again = after({seen("a"), clean(), seen("a")});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->state, FindingState::kOpen);
  EXPECT_EQ(again->first_seen, 100);
  EXPECT_EQ(again->history,
            (std::vector<StateChange>{{.time = 100, .state = FindingState::kOpen},
                                      {.time = 200, .state = FindingState::kResolved},
                                      {.time = 300, .state = FindingState::kOpen}}));
}

TEST(Transition, WhatCannotBeSeenIsNeverShownAsClean) {
  const Kept never = after({unknown("no permission")});
  ASSERT_TRUE(never.has_value());
  EXPECT_EQ(never->state, FindingState::kNotEvaluated);
  EXPECT_EQ(never->reason, "no permission");
  const Kept resolved = after({seen("a"), clean(), unknown("no permission")});
  ASSERT_TRUE(resolved.has_value());
  EXPECT_EQ(resolved->state, FindingState::kNotEvaluated);
  const Kept seen_again = after({seen("a"), clean(), unknown("no permission"), clean()});
  ASSERT_TRUE(seen_again.has_value());
  EXPECT_EQ(seen_again->state, FindingState::kResolved);
  EXPECT_EQ(seen_again->reason, "");
}

TEST(Transition, AnOpenFindingThatCannotBeSeenStaysOpen) {
  const Kept kept = after({seen("a"), unknown("no permission")});
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->state, FindingState::kOpen);
  EXPECT_EQ(kept->reason, "no permission");
  EXPECT_EQ(kept->last_seen, 100);
  EXPECT_EQ(kept->scan, 2U);
}

TEST(Transition, WhatIsToldOfAnotherSubjectStaysAsItWas) {
  const Kept kept = after({seen("a"), covered()});
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->state, FindingState::kOpen);
  EXPECT_EQ(kept->scan, 2U);
}

TEST(Transition, WhoIsGoneHasNoOpenFinding) {
  const ScanTime later{.scan = 9, .now = 900};
  const Kept gone = after_disappearance(after({seen("a")}).value(), later);
  ASSERT_TRUE(gone.has_value());
  EXPECT_EQ(gone->state, FindingState::kResolved);
  EXPECT_FALSE(after_disappearance(after({unknown("x")}).value(), later).has_value());
}

TEST(Transition, TheHistoryIsBounded) {
  std::vector<Judgement> flapping;
  for (int i = 0; i < 50; ++i) {
    flapping.push_back(seen("a"));
    flapping.push_back(clean());
  }
  const Kept kept = after(flapping);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->history.size(), PostureFinding::kMostHistory);
  EXPECT_EQ(kept->history.back().state, FindingState::kResolved);
}

}  // namespace
}  // namespace directory
