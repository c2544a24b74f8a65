// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/saved_file.h"

#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <iterator>

namespace gateway {
namespace {

// 0640.
constexpr auto kMode = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write |
                       std::filesystem::perms::group_read;
constexpr std::chrono::system_clock::time_point kNow{std::chrono::seconds{1'795'395'600}};

class SavedFile : public ::testing::Test {
 protected:
  SavedFile() {
    tests::write_file(file, "before\n");
    std::filesystem::permissions(file, kMode);
  }

  // NOLINTBEGIN(misc-non-private-member-variables-in-classes): a fixture
  tests::TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "main.cf";
  // NOLINTEND(misc-non-private-member-variables-in-classes)
};

TEST_F(SavedFile, KeepsEveryCopyWithItsMode) {
  const auto first = keep_copy(file, kNow);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->filename(), "main.cf.fromguard-20261123T010000Z");
  EXPECT_EQ(std::filesystem::status(*first).permissions(), kMode);
  tests::write_file(file, "after\n");
  const auto second = keep_copy(file, kNow);
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(*first, *second);
  EXPECT_EQ(read_text_file(*first).value_or(""), "before\n");
  EXPECT_EQ(read_text_file(*second).value_or(""), "after\n");
}

TEST_F(SavedFile, IsReplacedOnlyWhenTold) {
  {
    const auto draft = Replacement::write(file, "draft\n");
    ASSERT_TRUE(draft.has_value());
    EXPECT_EQ(read_text_file(draft->path()).value_or(""), "draft\n");
  }
  EXPECT_EQ(read_text_file(file).value_or(""), "before\n");
  auto replacement = Replacement::write(file, "after\n");
  ASSERT_TRUE(replacement.has_value());
  ASSERT_TRUE(replacement->put_in_place().has_value());
  EXPECT_EQ(read_text_file(file).value_or(""), "after\n");
  EXPECT_EQ(std::filesystem::status(file).permissions(), kMode);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1)
      << "no draft is left";
}

TEST_F(SavedFile, SaysWhatIsNotThere) {
  const auto absent = keep_copy(folder.path() / "absent", kNow);
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().code, policy::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gateway
