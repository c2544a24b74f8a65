// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/content_records.h"
#include "directory/store/directory_content.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "directory/store/sync_states.h"
#include "policy/result.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::ErrorCode;
using Strings = std::vector<std::string>;

// In force are Ada, Bob and Cyd, all of them in the group g, Ada in h too, and h within g.
class DeltaRoundTest : public StoreTest {
 protected:
  DeltaRoundTest() {
    SyncState begun = content().with_new_round({}, RoundKind::kFull, 1);
    begun.round->users_link = "users 1";
    begun.round->groups_link = "groups 1";
    stage(begun, [](StagedPage& page) {
      page.put_user(make_user("a", "Ada"));
      page.put_user(make_user("b", "Bob"));
      page.put_user(make_user("c", "Cyd"));
      page.put_group(make_group("g", "Group"));
      page.put_group(make_group("h", "Heads"));
      for (const std::string member : {"a", "b", "c"}) {
        page.put_member("g", member, StoredMemberKind::kUser);
      }
      page.put_member("g", "h", StoredMemberKind::kGroup);
      page.put_member("h", "a", StoredMemberKind::kUser);
    });
    EXPECT_TRUE(content().put_in_force(key_, begun).has_value());
  }

  SyncState begin() { return content().with_new_round(state(), RoundKind::kDelta, 2); }

  SyncState put_in_force(const SyncState& round) {
    const RoundWeight weight = content().weigh(key_, round).value();
    auto done = content().put_in_force(key_, round);
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(done->counts, weight.after);
    return std::move(done).value();
  }
};

TEST_F(DeltaRoundTest, BeginsWithTheLinksInForceAndEndsWithItsOwn) {
  SyncState round = begin();
  EXPECT_EQ(round.round->users_link, "users 1");
  EXPECT_EQ(round.round->groups_link, "groups 1");
  round.round->users_link = "users 2";
  round.round->groups_link = "groups 2";
  const Contents before = contents();
  stage(round, [](StagedPage&) {});
  const SyncState done = put_in_force(round);
  EXPECT_EQ(done.users_delta_link, "users 2");
  EXPECT_EQ(done.groups_delta_link, "groups 2");
  EXPECT_EQ(contents(), before);
}

TEST_F(DeltaRoundTest, AUserIsReadAsTheRoundHasItSoFar) {
  const SyncState round = begin();
  stage(round, [](StagedPage& page) {
    StoredUser ada = page.user("a").value().value();
    EXPECT_EQ(ada.display_name, "Ada");
    ada.mail = "ada@contoso.com";
    page.put_user(ada);
    EXPECT_EQ(page.user("a").value()->mail, "ada@contoso.com");
    page.remove_user("b");
    EXPECT_FALSE(page.user("b").value().has_value());
    page.remove_user("c");
  });
  reopen();
  stage(round, [](StagedPage& page) {
    StoredUser ada = page.user("a").value().value();
    EXPECT_EQ(ada.mail, "ada@contoso.com");
    ada.surname = "Lovelace";
    page.put_user(ada);
    EXPECT_FALSE(page.user("b").value().has_value());
    page.put_user(make_user("c", "Cyd again"));
    page.put_user(make_user("d", "Dan"));
  });
  const RoundWeight weight = content().weigh(key_, round).value();
  EXPECT_EQ(weight.before, (SetCounts{.users = 3, .groups = 2, .memberships = 5}));
  EXPECT_EQ(weight.after.users, 3U);
  EXPECT_EQ(weight.users_removed, 1U);
  EXPECT_EQ(contents().users.at(0), make_user("a", "Ada"));

  put_in_force(round);
  StoredUser ada = make_user("a", "Ada");
  ada.mail = "ada@contoso.com";
  ada.surname = "Lovelace";
  EXPECT_EQ(contents().users,
            (std::vector<StoredUser>{ada, make_user("c", "Cyd again"), make_user("d", "Dan")}));
  // Bob keeps his memberships, in case he comes back.
  EXPECT_EQ(contents().memberships.size(), 5U);
  put_round(RoundKind::kDelta, [](StagedPage& page) { page.put_user(make_user("b", "Bob")); });
  EXPECT_EQ(contents().groups_of_users.at("b"), Strings{"g"});
}

TEST_F(DeltaRoundTest, AGroupComesInPieces) {
  const SyncState round = begin();
  stage(round, [](StagedPage& page) {
    page.put_group(make_group("n", "New"));
    page.put_member("n", "a", StoredMemberKind::kUser);
  });
  stage(round, [](StagedPage& page) {
    EXPECT_EQ(page.group("n").value()->display_name, "New");
    page.put_group(make_group("n", "Newer"));
    page.put_member("n", "b", StoredMemberKind::kUser);
    page.put_member("n", "a", StoredMemberKind::kUser);
  });
  const RoundWeight weight = content().weigh(key_, round).value();
  EXPECT_EQ(weight.after, (SetCounts{.users = 3, .groups = 3, .memberships = 7}));
  put_in_force(round);
  EXPECT_EQ(contents().groups.back(), make_group("n", "Newer"));
  EXPECT_EQ(contents().groups_of_users.at("a"), (Strings{"g", "h", "n"}));
  EXPECT_EQ(contents().groups_of_users.at("b"), (Strings{"g", "n"}));
}

TEST_F(DeltaRoundTest, AGroupThatIsRemovedLosesItsMembers) {
  const SyncState round = begin();
  stage(round, [](StagedPage& page) { page.put_member("h", "b", StoredMemberKind::kUser); });
  stage(round, [](StagedPage& page) {
    page.remove_group("h");
    EXPECT_FALSE(page.group("h").value().has_value());
  });
  stage(round, [](StagedPage& page) { EXPECT_FALSE(page.group("h").value().has_value()); });
  const RoundWeight weight = content().weigh(key_, round).value();
  EXPECT_EQ(weight.after, (SetCounts{.users = 3, .groups = 1, .memberships = 4}));
  EXPECT_EQ(weight.memberships_removed, 1U);
  put_in_force(round);
  EXPECT_EQ(contents().memberships, (Strings{"g/a:u", "g/b:u", "g/c:u", "g/h:g"}));
}

TEST_F(DeltaRoundTest, AGroupThatIsRemovedAndComesBackBeginsEmpty) {
  const SyncState round = begin();
  stage(round, [](StagedPage& page) {
    page.put_member("g", "d", StoredMemberKind::kUser);
    page.remove_group("g");
  });
  stage(round, [](StagedPage& page) {
    page.put_group(make_group("g", "Again"));
    page.put_member("g", "b", StoredMemberKind::kUser);
    page.put_member("g", "e", StoredMemberKind::kUser);
  });
  // A piece that follows does not forget that the group was cleared.
  stage(round, [](StagedPage& page) {
    page.put_group(make_group("g", "Again"));
    page.remove_member("g", "e");
    page.remove_member("g", "a");
  });
  const RoundWeight weight = content().weigh(key_, round).value();
  EXPECT_EQ(weight.after, (SetCounts{.users = 3, .groups = 2, .memberships = 2}));
  EXPECT_EQ(weight.memberships_removed, 3U);
  put_in_force(round);
  EXPECT_EQ(contents().groups.front(), make_group("g", "Again"));
  EXPECT_EQ(contents().memberships, (Strings{"g/b:u", "h/a:u"}));
  // What the round has marked does not outlive it.
  put_round(RoundKind::kDelta, [](StagedPage& page) { page.put_group(make_group("g", "Third")); });
  EXPECT_EQ(contents().memberships, (Strings{"g/b:u", "h/a:u"}));
}

TEST_F(DeltaRoundTest, MembersComeAndGo) {
  const SyncState round = begin();
  stage(round, [](StagedPage& page) {
    page.remove_member("g", "a");
    page.remove_member("g", "b");
    page.put_member("h", "b", StoredMemberKind::kUser);
    page.put_member("h", "c", StoredMemberKind::kUser);
    page.remove_member("h", "never");
  });
  stage(round, [](StagedPage& page) {
    page.put_member("g", "b", StoredMemberKind::kUser);
    page.remove_member("h", "c");
    page.put_member("unknown", "c", StoredMemberKind::kUser);
  });
  const RoundWeight weight = content().weigh(key_, round).value();
  EXPECT_EQ(weight.memberships_removed, 1U);
  EXPECT_EQ(weight.after.memberships, 6U);
  EXPECT_EQ(contents().memberships.size(), 5U);
  put_in_force(round);
  EXPECT_EQ(contents().memberships,
            (Strings{"g/b:u", "g/c:u", "g/h:g", "h/a:u", "h/b:u", "unknown/c:u"}));
}

TEST_F(DeltaRoundTest, AFullRoundAfterwardsStandsForItself) {
  put_round(RoundKind::kDelta, [](StagedPage& page) { page.put_user(make_user("d", "Dan")); });
  put_full_round([](StagedPage& page) {
    EXPECT_FALSE(page.user("d").value().has_value());
    page.put_user(make_user("e", "Eve"));
  });
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("e", "Eve")});
  EXPECT_TRUE(contents().memberships.empty());
}

TEST_F(DeltaRoundTest, CountsAnewWhenTheCountsAreNotThere) {
  SyncState state = this->state();
  state.counts = {};
  const SyncState round = content().with_new_round(state, RoundKind::kDelta, 2);
  stage(round, [](StagedPage& page) { page.remove_user("a"); });
  EXPECT_EQ(put_in_force(round).counts, (SetCounts{.users = 2, .groups = 2, .memberships = 5}));
}

// A delta far over the 4 MiB that are written at once.
class BigDeltaTest : public DeltaRoundTest {
 protected:
  static constexpr int kUsers = 12'000;

  static StoredUser user(int number) {
    StoredUser made = make_user(fmt::format("user-{:06}", number), std::string(900, 'n'));
    made.surname = std::to_string(number);
    return made;
  }

  SyncState stage_all() {
    const SyncState round = begin();
    for (int first = 0; first < kUsers; first += 1'000) {
      stage(round, [&](StagedPage& page) {
        for (int number = first; number < first + 1'000; ++number) {
          page.put_user(user(number));
          page.put_member("h", user(number).id, StoredMemberKind::kUser);
        }
        page.remove_group("g");
        page.put_group(make_group("g", "Again"));
        page.put_member("g", "b", StoredMemberKind::kUser);
        page.remove_user("a");
      });
    }
    return round;
  }

  void expect_merged() const {
    const Contents now = contents();
    ASSERT_EQ(now.users.size(), 2U + kUsers);
    EXPECT_EQ(now.users.at(0).id, "b");
    EXPECT_EQ(now.users.back(), user(kUsers - 1));
    EXPECT_EQ(now.memberships.size(), 2U + kUsers);
    EXPECT_EQ(now.memberships.front(), "g/b:u");
    EXPECT_FALSE(state().round.has_value());
  }
};

TEST_F(BigDeltaTest, IsMergedInParts) {
  put_in_force(stage_all());
  expect_merged();
  reopen();
  expect_merged();
}

TEST_F(BigDeltaTest, AMergeThatWasInterruptedIsEnded) {
  SyncState round = stage_all();
  const auto before = database().snapshot();
  // As a merge leaves it that has got to the users: some are in force, the group is cleared.
  round.counts = content().weigh(key_, round).value().after;
  round.round->is_merging = true;
  StateBatch batch;
  for (int number = 0; number < 500; ++number) {
    batch.put(Table::kUsers, set_key(round.live_set, {user(number).id}), encode_user(user(number)));
  }
  for (const std::string member : {"a", "b"}) {
    batch.remove(Table::kGroupMembers, set_key(round.live_set, {"g", member}));
    batch.remove(Table::kMemberGroups, set_key(round.live_set, {member, "g"}));
  }
  ASSERT_TRUE(write_with_state(database(), std::move(batch), key_, round).has_value());

  // Nobody is shown a mixture, and nobody may write in between.
  EXPECT_EQ(ContentView::open(database().snapshot(), key_).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(read_contents(before, key_).users.size(), 3U);
  SyncState late = round;
  late.round.reset();
  EXPECT_EQ(content().put_sync_state(key_, late).error().code, ErrorCode::kBusy);
  EXPECT_EQ(content().drop_round(key_, round).error().code, ErrorCode::kBusy);
  EXPECT_EQ(content().put_in_force(key_, round).error().code, ErrorCode::kBusy);
}

TEST_F(BigDeltaTest, AskingForTheStateEndsAMerge) {
  SyncState round = stage_all();
  round.counts = content().weigh(key_, round).value().after;
  round.round->is_merging = true;
  ASSERT_TRUE(write_with_state(database(), StateBatch{}, key_, round).has_value());
  EXPECT_FALSE(state().round.has_value());
  expect_merged();
}

TEST_F(BigDeltaTest, OpeningEndsAMerge) {
  SyncState round = stage_all();
  round.counts = content().weigh(key_, round).value().after;
  round.round->is_merging = true;
  ASSERT_TRUE(write_with_state(database(), StateBatch{}, key_, round).has_value());
  reopen();
  expect_merged();
}

}  // namespace
}  // namespace directory
