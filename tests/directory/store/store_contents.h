// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// All that is in force of a directory, in the order in which a view tells it.
struct Contents {
  std::vector<StoredUser> users;
  std::vector<StoredGroup> groups;
  std::map<std::string, std::vector<std::string>> groups_of_users;  ///< those that have any
  std::vector<std::string> memberships;                             ///< `group/member:u`

  friend bool operator==(const Contents&, const Contents&) = default;
};

/// Fails the test if the memberships by group and by member are not the same.
[[nodiscard]] Contents read_contents(const std::shared_ptr<const StateReader>& reader,
                                     const DirectoryKey& key);

[[nodiscard]] StoredUser make_user(std::string_view id, std::string_view name);
[[nodiscard]] StoredGroup make_group(std::string_view id, std::string_view name);

/// A test with a state database and its content, which can be opened again.
class StoreTest : public ::testing::Test {
 protected:
  StoreTest() { reopen(); }

  void reopen() {
    content_.reset();
    database_.reset();
    database_ = StateDatabase::open(folder_.path() / "database").value();
    content_.emplace(DirectoryContent::open(*database_).value());
  }

  StateDatabase& database() { return *database_; }

  DirectoryContent& content() { return *content_; }

  [[nodiscard]] Contents contents() const { return read_contents(database_->snapshot(), key_); }

  [[nodiscard]] SyncState state() const { return content_->sync_state(key_).value(); }

  /// A full round with one page that `fill` makes, put in force.
  template <typename Fill>
  void put_full_round(Fill fill) {
    put_round(RoundKind::kFull, fill);
  }

  template <typename Fill>
  void put_round(RoundKind kind, Fill fill) {
    const SyncState begun = content().with_new_round(state(), kind, 1);
    stage(begun, fill);
    ASSERT_TRUE(content().put_in_force(key_, begun).has_value());
  }

  /// Writes one page of the round of `state`.
  template <typename Fill>
  void stage(const SyncState& state, Fill fill) {
    StagedPage page{database(), key_, state};
    fill(page);
    const auto written = page.commit(state);
    ASSERT_TRUE(written.has_value()) << written.error().message;
  }

  tests::TemporaryFolder folder_;
  DirectoryKey key_{.organization = "contoso", .directory = "Office 365"};

 private:
  std::unique_ptr<StateDatabase> database_;
  std::optional<DirectoryContent> content_;
};

}  // namespace directory
