// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "policy/result.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;
using Strings = std::vector<std::string>;

class FullRoundTest : public StoreTest {
 protected:
  // Records of users, groups and memberships of all sets.
  std::size_t records() {
    std::size_t count = 0;
    for (const Table table :
         {Table::kUsers, Table::kGroups, Table::kGroupMembers, Table::kMemberGroups}) {
      EXPECT_TRUE(database()
                      .for_each(table,
                                "",
                                "",
                                [&](std::string_view, std::string_view) -> Result<bool> {
                                  ++count;
                                  return true;
                                })
                      .has_value());
    }
    return count;
  }
};

TEST_F(FullRoundTest, ADirectoryNeverReadHasNobody) {
  EXPECT_EQ(state(), SyncState{});
  EXPECT_EQ(contents(), Contents{});
}

TEST_F(FullRoundTest, KeepsEveryFieldAsItWas) {
  StoredUser user = make_user("u1", "Zo\xc3\xab \"Q\" \\ \n O'Neil");
  user.given_name = "Zo\xc3\xab";
  user.surname = std::string{"a\0b", 3};
  user.mail = "zoe@contoso.com";
  user.user_principal_name = "zoe@contoso.onmicrosoft.com";
  user.user_type = "Member";
  user.proxy_addresses = {"SMTP:zoe@contoso.com", "smtp: z@contoso.com", ""};
  user.other_mails = {"zoe@home.example"};
  user.is_enabled = false;
  StoredUser broken = make_user(std::string_view{"u\0\xff", 3}, "not UTF-8: \xff\xfe");
  StoredGroup group = make_group("g1", "Executives");
  group.mail = "exec@contoso.com";
  group.proxy_addresses = {"SMTP:exec@contoso.com"};
  put_full_round([&](StagedPage& page) {
    page.put_user(user);
    page.put_user(broken);
    page.put_group(group);
  });
  EXPECT_EQ(contents().users, (std::vector<StoredUser>{broken, user}));
  EXPECT_EQ(contents().groups, std::vector<StoredGroup>{group});
  const auto view = ContentView::open(database().snapshot(), key_).value();
  EXPECT_EQ(view.user("u1").value(), user);
  EXPECT_EQ(view.user("u2").value(), std::nullopt);
  EXPECT_EQ(view.group("g1").value(), group);
  EXPECT_EQ(view.group("g2").value(), std::nullopt);
}

TEST_F(FullRoundTest, KeepsEveryFieldOfTheState) {
  SyncState state = content().with_new_round({}, RoundKind::kFull, 1234);
  state.source = "tenant";
  state.users_delta_link = "https://graph/users?x";
  state.groups_delta_link = "https://graph/groups?x";
  state.is_started = true;
  state.last_success = 5;
  state.last_attempt = 6;
  state.last_failure = "it failed";
  state.round->users_link = "u";
  state.round->groups_link = "g";
  state.round->users_done = true;
  state.round->groups_done = true;
  state.round->is_held = true;
  state.round->pages = 7;
  ASSERT_TRUE(content().put_sync_state(key_, state).has_value());
  reopen();
  EXPECT_EQ(this->state(), state);
  EXPECT_EQ(this->state().round->started, 1234);
}

TEST_F(FullRoundTest, ShowsNothingBeforeItIsInForceAndAllOfItThen) {
  put_full_round([](StagedPage& page) {
    page.put_user(make_user("old", "Old"));
    page.put_member("g", "old", StoredMemberKind::kUser);
  });
  SyncState begun = content().with_new_round(state(), RoundKind::kFull, 1);
  begun.round->users_link = "users-delta";
  begun.round->groups_link = "groups-delta";
  stage(begun, [](StagedPage& page) { page.put_user(make_user("a", "Ada")); });
  stage(begun, [](StagedPage& page) {
    page.put_user(make_user("b", "Bob"));
    page.put_group(make_group("g", "Group"));
    page.put_member("g", "a", StoredMemberKind::kUser);
    page.put_member("g", "h", StoredMemberKind::kGroup);
    page.put_member("g", "d", StoredMemberKind::kOther);
    page.put_member("h", "a", StoredMemberKind::kUser);
  });
  EXPECT_EQ(contents().users.size(), 1U);
  reopen();
  EXPECT_EQ(contents().users.size(), 1U);

  const RoundWeight weight = content().weigh(key_, state()).value();
  EXPECT_EQ(weight.before, (SetCounts{.users = 1, .groups = 0, .memberships = 1}));
  EXPECT_EQ(weight.after, (SetCounts{.users = 2, .groups = 1, .memberships = 4}));
  EXPECT_EQ(weight.users_removed, 1U);
  EXPECT_EQ(weight.memberships_removed, 1U);

  const auto before = database().snapshot();
  const SyncState done = content().put_in_force(key_, state()).value();
  EXPECT_EQ(done, state());
  EXPECT_FALSE(done.round.has_value());
  EXPECT_EQ(done.users_delta_link, "users-delta");
  EXPECT_EQ(done.groups_delta_link, "groups-delta");
  const Contents now = contents();
  EXPECT_EQ(now.users, (std::vector<StoredUser>{make_user("a", "Ada"), make_user("b", "Bob")}));
  EXPECT_EQ(now.memberships, (Strings{"g/a:u", "g/d:o", "g/h:g", "h/a:u"}));
  EXPECT_EQ(now.groups_of_users.at("a"), (Strings{"g", "h"}));
  EXPECT_EQ(records(), 2U + 1U + 4U + 4U);
  EXPECT_EQ(read_contents(before, key_).users.front().id, "old");
}

TEST_F(FullRoundTest, TheViewAnswersSingleQuestions) {
  put_full_round([](StagedPage& page) {
    page.put_member("g", "a", StoredMemberKind::kUser);
    page.put_member("g", "h", StoredMemberKind::kGroup);
    page.put_member("gg", "a", StoredMemberKind::kUser);
    page.put_member("h", "ab", StoredMemberKind::kUser);
  });
  const auto view = ContentView::open(database().snapshot(), key_).value();
  EXPECT_EQ(view.direct_groups("a").value(), (Strings{"g", "gg"}));
  EXPECT_EQ(view.direct_groups("h").value(), Strings{"g"});
  EXPECT_TRUE(view.direct_groups("nobody").value().empty());
  Strings nested;
  ASSERT_TRUE(view.for_each_nesting([&](const std::string& group, const std::string& member) {
                    nested.push_back(group + "/" + member);
                  })
                  .has_value());
  EXPECT_EQ(nested, Strings{"g/h"});
  Strings members;
  ASSERT_TRUE(
      view.for_each_member("g",
                           [&](const std::string& member, StoredMemberKind) -> Result<bool> {
                             members.push_back(member);
                             return true;
                           })
          .has_value());
  EXPECT_EQ(members, (Strings{"a", "h"}));
}

TEST_F(FullRoundTest, RemovalsWithinTheRoundLeaveNothing) {
  const SyncState begun = content().with_new_round({}, RoundKind::kFull, 1);
  stage(begun, [](StagedPage& page) {
    page.put_user(make_user("a", "Ada"));
    page.put_user(make_user("b", "Bob"));
    page.put_group(make_group("g", "Group"));
    page.put_group(make_group("h", "Other"));
    page.put_member("g", "a", StoredMemberKind::kUser);
    page.put_member("g", "b", StoredMemberKind::kUser);
    page.put_member("h", "g", StoredMemberKind::kGroup);
  });
  stage(begun, [](StagedPage& page) {
    page.put_member("g", "c", StoredMemberKind::kUser);
    page.remove_group("g");
    page.remove_user("b");
    page.remove_user("never");
    EXPECT_FALSE(page.group("g").value().has_value());
    EXPECT_FALSE(page.user("b").value().has_value());
    EXPECT_TRUE(page.user("a").value().has_value());
    page.put_group(make_group("g", "Again"));
    page.put_member("g", "b", StoredMemberKind::kUser);
    page.remove_member("h", "never");
  });
  ASSERT_TRUE(content().put_in_force(key_, begun).has_value());
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("a", "Ada")});
  EXPECT_EQ(contents().groups.front(), make_group("g", "Again"));
  // Bob may come back, and is a member then.
  EXPECT_EQ(contents().memberships, (Strings{"g/b:u", "h/g:g"}));
  EXPECT_EQ(records(), 1U + 2U + 2U + 2U);
}

TEST_F(FullRoundTest, ANewRoundTakesThePlaceOfOneUnderWay) {
  const SyncState first = content().with_new_round({}, RoundKind::kFull, 1);
  stage(first, [](StagedPage& page) { page.put_user(make_user("a", "Ada")); });
  const SyncState second = content().with_new_round(state(), RoundKind::kFull, 2);
  EXPECT_NE(second.round->set, first.round->set);
  stage(second, [](StagedPage& page) {
    EXPECT_FALSE(page.user("a").value().has_value());
    page.put_user(make_user("b", "Bob"));
  });
  EXPECT_EQ(records(), 1U);
  ASSERT_TRUE(content().put_in_force(key_, second).has_value());
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("b", "Bob")});
}

TEST_F(FullRoundTest, AHeldRoundIsThereAfterARestartAndCanBeDropped) {
  put_full_round([](StagedPage& page) { page.put_user(make_user("a", "Ada")); });
  SyncState held = content().with_new_round(state(), RoundKind::kFull, 1);
  held.round->is_held = true;
  stage(held, [](StagedPage& page) { page.put_user(make_user("b", "Bob")); });
  reopen();
  EXPECT_EQ(state(), held);
  EXPECT_EQ(content().weigh(key_, state()).value().users_removed, 1U);
  EXPECT_FALSE(content().drop_round(key_, state()).value().round.has_value());
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("a", "Ada")});
  EXPECT_EQ(records(), 1U);
}

TEST_F(FullRoundTest, DirectoriesDoNotSeeEachOther) {
  put_full_round([](StagedPage& page) { page.put_user(make_user("a", "Ada")); });
  const DirectoryKey hr{.organization = "contoso", .directory = "HR"};
  const SyncState begun = content().with_new_round({}, RoundKind::kFull, 1);
  StagedPage page{database(), hr, begun};
  page.put_user(make_user("b", "Bob"));
  ASSERT_TRUE(page.commit(begun).has_value());
  ASSERT_TRUE(content().put_in_force(hr, begun).has_value());
  EXPECT_EQ(contents().users.front().id, "a");
  EXPECT_EQ(read_contents(database().snapshot(), hr).users.front().id, "b");
  ASSERT_TRUE(content().forget(key_).has_value());
  EXPECT_EQ(state(), SyncState{});
  EXPECT_EQ(contents(), Contents{});
  EXPECT_EQ(read_contents(database().snapshot(), hr).users.front().id, "b");
  EXPECT_EQ(records(), 1U);
}

TEST_F(FullRoundTest, SweepsSetsThatNobodyRefersTo) {
  put_full_round([](StagedPage& page) {
    page.put_user(make_user("a", "Ada"));
    page.put_member("g", "a", StoredMemberKind::kUser);
  });
  StateBatch batch;
  for (const std::uint64_t set : {7U, 8U, 300U}) {
    batch.put(Table::kUsers, set_key(set, {"x"}), "{}");
    batch.put(Table::kMemberGroups, set_key(set, {"x", "g"}), "\"u\"");
  }
  ASSERT_TRUE(database().commit(std::move(batch)).has_value());
  reopen();
  EXPECT_EQ(records(), 3U);
  EXPECT_EQ(contents().users.size(), 1U);
}

TEST_F(FullRoundTest, FieldsOfLaterAreNoTrouble) {
  put_full_round([](StagedPage& page) { page.put_user(make_user("a", "Ada")); });
  StateBatch batch;
  batch.put(Table::kUsers, set_key(state().live_set, {"a"}), R"({"n":"Ada","later":[1]})");
  ASSERT_TRUE(database().commit(std::move(batch)).has_value());
  EXPECT_EQ(contents().users.front(), make_user("a", "Ada"));
  StateBatch broken;
  broken.put(Table::kUsers, set_key(state().live_set, {"a"}), R"({"n":1})");
  ASSERT_TRUE(database().commit(std::move(broken)).has_value());
  const auto view = ContentView::open(database().snapshot(), key_).value();
  EXPECT_EQ(view.user("a").error().code, ErrorCode::kInvalidInput);
}

TEST_F(FullRoundTest, TwentyThousandUsersComeBackAsTheyWent) {
  constexpr int kUsers = 20'000;
  constexpr int kGroups = 200;
  constexpr int kPageSize = 1'000;
  const auto user = [](int number) {
    StoredUser made =
        make_user(fmt::format("{:08x}-user", static_cast<unsigned>(number) * 2'654'435U),
                  fmt::format("Ada Number {}", number));
    made.mail = fmt::format("ada{}@contoso.com", number);
    made.proxy_addresses = {"SMTP:" + made.mail};
    return made;
  };
  const auto group_of = [](int number) { return fmt::format("group-{:03}", number % kGroups); };
  const SyncState begun = content().with_new_round({}, RoundKind::kFull, 1);
  for (int first = 0; first < kUsers; first += kPageSize) {
    stage(begun, [&](StagedPage& page) {
      for (int number = first; number < first + kPageSize; ++number) {
        page.put_user(user(number));
        page.put_group(make_group(group_of(number), group_of(number)));
        page.put_member(group_of(number), user(number).id, StoredMemberKind::kUser);
        page.put_member(group_of(number * 7 + 1), user(number).id, StoredMemberKind::kUser);
      }
    });
  }
  ASSERT_TRUE(content().put_in_force(key_, begun).has_value());
  reopen();
  const auto view = ContentView::open(database().snapshot(), key_).value();
  EXPECT_EQ(view.sync_state().counts.groups, 200U);
  std::vector<bool> seen(kUsers);
  ASSERT_TRUE(
      view.for_each_user([&](const StoredUser& read, const Strings& groups) -> Result<bool> {
            const int number = std::stoi(read.display_name.substr(11));
            EXPECT_FALSE(seen.at(static_cast<std::size_t>(number)));
            seen.at(static_cast<std::size_t>(number)) = true;
            EXPECT_EQ(read, user(number));
            Strings expected{group_of(number)};
            if (group_of(number * 7 + 1) != expected.front()) {
              expected.push_back(group_of(number * 7 + 1));
              std::ranges::sort(expected);
            }
            EXPECT_EQ(groups, expected);
            return true;
          })
          .has_value());
  EXPECT_EQ(std::ranges::count(seen, true), kUsers);
}

}  // namespace
}  // namespace directory
