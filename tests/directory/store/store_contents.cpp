// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/store/store_contents.h"

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using policy::Result;

// The memberships of a set in one of the two tables, as `first/second:kind`.
std::vector<std::vector<std::string>> memberships(const StateReader& reader,
                                                  Table table,
                                                  const std::string& set) {
  std::vector<std::vector<std::string>> found;
  EXPECT_TRUE(reader
                  .for_each(table,
                            set,
                            "",
                            [&](std::string_view key, std::string_view value) -> Result<bool> {
                              found.push_back(split_key(key.substr(kNumberOctets)));
                              found.back().emplace_back(value.substr(1, 1));
                              return true;
                            })
                  .has_value());
  return found;
}

}  // namespace

Contents read_contents(const std::shared_ptr<const StateReader>& reader, const DirectoryKey& key) {
  const ContentView view = ContentView::open(reader, key).value();
  Contents contents;
  EXPECT_TRUE(view.for_each_user([&](const StoredUser& user,
                                     const std::vector<std::string>& groups) -> Result<bool> {
                    contents.users.push_back(user);
                    if (!groups.empty()) {
                      contents.groups_of_users.emplace(user.id, groups);
                    }
                    return true;
                  })
                  .has_value());
  EXPECT_TRUE(view.for_each_group([&](const StoredGroup& group) -> Result<bool> {
                    contents.groups.push_back(group);
                    return true;
                  })
                  .has_value());
  const std::string set = number_key(view.sync_state().live_set);
  std::multiset<std::vector<std::string>> by_group;
  for (const auto& one : memberships(*reader, Table::kGroupMembers, set)) {
    contents.memberships.push_back(one.at(0) + "/" + one.at(1) + ":" + one.at(2));
    by_group.insert(one);
  }
  std::multiset<std::vector<std::string>> by_member;
  for (const auto& one : memberships(*reader, Table::kMemberGroups, set)) {
    by_member.insert({one.at(1), one.at(0), one.at(2)});
  }
  EXPECT_EQ(by_group, by_member);
  const SetCounts counts = view.sync_state().counts;
  EXPECT_EQ(counts.users, contents.users.size());
  EXPECT_EQ(counts.groups, contents.groups.size());
  EXPECT_EQ(counts.memberships, contents.memberships.size());
  return contents;
}

StoredUser make_user(std::string_view id, std::string_view name) {
  StoredUser user;
  user.id = id;
  user.display_name = name;
  return user;
}

StoredGroup make_group(std::string_view id, std::string_view name) {
  StoredGroup group;
  group.id = id;
  group.display_name = name;
  return group;
}

}  // namespace directory
