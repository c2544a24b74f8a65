// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/group_memory.h"

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace directory {
namespace {

const DirectoryKey kKey{.organization = "contoso", .directory = "Office 365"};

class GroupMemoryTest : public ::testing::Test {
 protected:
  GroupMemoryTest() {
    SyncState state = content_.with_new_round(SyncState{}, RoundKind::kFull, 1);
    StagedPage page{*database_, kKey, state};
    put_group(page, "board", "The  Board");
    put_group(page, "executives", "Executives");
    page.put_member("executives", "board", StoredMemberKind::kGroup);
    EXPECT_TRUE(page.commit(state).has_value());
    EXPECT_TRUE(content_.put_in_force(kKey, state).has_value());
  }

  static void put_group(StagedPage& page, const std::string& id, const std::string& name) {
    page.put_group({.id = id, .display_name = name, .mail = {}, .proxy_addresses = {}});
  }

  [[nodiscard]] ContentView view() const {
    return ContentView::open(database_->snapshot(), kKey).value();
  }

  // The board's name as a page of people would show it now.
  std::string board_name() {
    const ContentView now = view();
    return memory_.of(kKey, now)->find(now, "board").value()->name;
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<StateDatabase> database_ = StateDatabase::open(folder_.path() / "state").value();
  DirectoryContent content_ = DirectoryContent::open(*database_).value();
  GroupMemory memory_;
};

TEST_F(GroupMemoryTest, TellsWhatAGroupIsIn) {
  const ContentView now = view();
  const auto groups = memory_.of(kKey, now);
  const KnownGroup& board = *groups->find(now, "board").value();
  EXPECT_EQ(board.folded_name, "the board");
  EXPECT_EQ(board.parents, std::vector<std::string>{"executives"});
  EXPECT_EQ(groups->find(now, "nobody").value(), nullptr);
}

TEST_F(GroupMemoryTest, ReadsAGroupOnce) {
  const ContentView now = view();
  const KnownGroup* first = memory_.of(kKey, now)->find(now, "board").value();
  const ContentView later = view();
  EXPECT_EQ(memory_.of(kKey, later)->find(later, "board").value(), first);
}

TEST_F(GroupMemoryTest, ForgetsWhatARoundHasReplaced) {
  EXPECT_EQ(board_name(), "The  Board");
  SyncState state = content_.sync_state(kKey).value();
  state = content_.with_new_round(state, RoundKind::kDelta, 2);
  state.round->groups_link = "https://graph.example/delta?token=2";
  state.round->groups_done = true;
  StagedPage page{*database_, kKey, state};
  put_group(page, "board", "Supervisory Board");
  ASSERT_TRUE(page.commit(state).has_value());
  EXPECT_EQ(board_name(), "The  Board");
  ASSERT_TRUE(content_.put_in_force(kKey, state).has_value());
  EXPECT_EQ(board_name(), "Supervisory Board");
}

}  // namespace
}  // namespace directory
