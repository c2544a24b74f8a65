// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace directory {
namespace {

using Names = std::vector<std::string>;

class NameOrderTest : public tests::ApiTest {
 protected:
  struct Page {
    Names ids;
    std::string next;
  };

  Page page(const std::string& query) {
    const auto listed = call("GET", "people?order=name" + query).json;
    Page page;
    for (const auto& each : listed.at("people").as_array()) {
      page.ids.emplace_back(each.at("id").as_string());
    }
    if (listed.at("next").is_string()) {
      page.next = listed.at("next").as_string();
    }
    return page;
  }

  // Puts a delta in force, in which these are changed.
  void change(const std::vector<StoredUser>& users) {
    const DirectoryKey key{.organization = "contoso", .directory = "Staff"};
    SyncState state = content_.sync_state(key).value();
    state = content_.with_new_round(state, RoundKind::kDelta, ++now_);
    StagedPage staged{*database_, key, state};
    for (const StoredUser& user : users) {
      staged.put_user(user);
    }
    ASSERT_TRUE(staged.commit(state).has_value());
    state.last_success = now_;
    ASSERT_TRUE(content_.put_in_force(key, state).has_value());
  }

  static StoredUser named(const std::string& id, const std::string& name) {
    StoredUser user;
    user.id = id;
    user.display_name = name;
    return user;
  }

  std::int64_t now_ = 1'800'000'000;
};

TEST_F(NameOrderTest, PeopleComeByNameInAnyCasePageByPage) {
  change({named("zed", "anna Arendt"), named("abe", "Zoe Zed"), named("amy", "ANNA ARENDT")});
  const Page all = page("&directory=Staff");
  EXPECT_EQ(all.ids.front(), "ada");
  EXPECT_EQ(all.ids.at(1), "amy");
  EXPECT_EQ(all.ids.at(2), "zed");
  EXPECT_EQ(all.ids.back(), "abe");
  EXPECT_TRUE(all.next.empty());

  Names joined;
  std::string after;
  do {
    const Page part = page("&directory=Staff&limit=2" + (after.empty() ? "" : "&after=" + after));
    joined.insert(joined.end(), part.ids.begin(), part.ids.end());
    after = part.next;
  } while (!after.empty());
  EXPECT_EQ(joined, all.ids);
}

TEST_F(NameOrderTest, ACursorStaysRightWhenTheSetChanges) {
  const Page first = page("&directory=Staff&limit=2");
  ASSERT_FALSE(first.next.empty());
  const Page rest = page("&directory=Staff&after=" + first.next);
  change({named("new", "Aaron Aardvark"), named("last", "Zoe Zed")});
  Names wanted = rest.ids;
  wanted.emplace_back("last");
  EXPECT_EQ(page("&directory=Staff&after=" + first.next).ids, wanted);
  EXPECT_EQ(page("&directory=Staff").ids.front(), "new");
}

TEST_F(NameOrderTest, ASearchIsInOrderToo) {
  change({named("x", "Bob Zimmer"), named("y", "bob Abel")});
  const Page found = page("&search=bob");
  ASSERT_GE(found.ids.size(), 2U);
  EXPECT_EQ(found.ids.back(), "x");
  EXPECT_EQ(call("GET", "people?order=age").status, 400U);
}

}  // namespace
}  // namespace directory
