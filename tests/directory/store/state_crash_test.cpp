// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"
#include "tests/directory/store/store_contents.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;

// A page of 500 users takes half a megabyte, so that a delta of all is merged in several parts.
constexpr int kUsers = 6'000;
constexpr int kPageSize = 500;

const char* const kFolderVariable = "FROMGUARD_TEST_STATE";

DirectoryKey key() {
  return {.organization = "contoso", .directory = "Office 365"};
}

// A program of one's own that writes round after round until it is killed: threads of RocksDB
// rule out a plain fork.
class Writer {
 public:
  Writer(const fs::path& folder, std::string_view kind) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    progress_ = ends[0];
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = "/proc/self/exe";
    std::string filter = fmt::format("--gtest_filter=StateWriter.DISABLED_Writes{}", kind);
    std::string disabled = "--gtest_also_run_disabled_tests";
    std::string brief = "--gtest_brief=1";
    char* arguments[] = {program.data(), filter.data(), disabled.data(), brief.data(), nullptr};
    std::string variable = fmt::format("{}={}", kFolderVariable, folder.string());
    char* environment[] = {variable.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environment),
              0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  Writer(Writer&&) = delete;
  Writer& operator=(Writer&&) = delete;

  ~Writer() {
    kill();
    ::close(progress_);
  }

  // Waits until it has said so many times where it is.
  void wait_for(std::size_t times) const {
    char octet = 0;
    while (times > 0 && ::read(progress_, &octet, 1) == 1) {
      times -= octet == '!' ? 1 : 0;
    }
    EXPECT_EQ(times, 0U) << "the writer ended by itself";
  }

  void kill() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
      process_ = -1;
    }
  }

 private:
  pid_t process_ = -1;
  int progress_ = -1;
};

void say_where_it_is() {
  ASSERT_EQ(::write(STDOUT_FILENO, "!", 1), 1);
}

// Writes one round in which every user is of this number, and says `!` after each write.
void write_round(StateDatabase& database, DirectoryContent& content, RoundKind kind, int number) {
  SyncState state = content.with_new_round(content.sync_state(key()).value(), kind, 1);
  for (int first = 0; first < kUsers; first += kPageSize) {
    StagedPage page{database, key(), state};
    for (int at = first; at < first + kPageSize; ++at) {
      StoredUser user = make_user(fmt::format("{:05}", at), std::string(900, 'n'));
      user.surname = std::to_string(number);
      page.put_user(user);
      page.put_member(fmt::format("group-{}", number), user.id, StoredMemberKind::kUser);
      if (kind == RoundKind::kDelta) {
        page.remove_member(fmt::format("group-{}", number - 1), user.id);
      }
    }
    ++state.round->pages;
    ASSERT_TRUE(page.commit(state).has_value());
    say_where_it_is();
  }
  ASSERT_TRUE(content.put_in_force(key(), state).has_value());
  say_where_it_is();
}

void write_until_killed(RoundKind kind) {
  const char* const folder = std::getenv(kFolderVariable);  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr) {
    GTEST_SKIP() << "run by StateCrashTest";
  }
  const auto database = StateDatabase::open(folder).value();
  DirectoryContent content = DirectoryContent::open(*database).value();
  write_round(*database, content, RoundKind::kFull, 1);
  for (int number = 2; number < 1'000; ++number) {
    write_round(*database, content, kind, number);
  }
}

TEST(StateWriter, DISABLED_WritesFullRounds) {
  write_until_killed(RoundKind::kFull);
}

TEST(StateWriter, DISABLED_WritesDeltas) {
  write_until_killed(RoundKind::kDelta);
}

class StateCrashTest : public ::testing::TestWithParam<std::string_view> {
 protected:
  static constexpr std::size_t kWritesOfARound = (kUsers / kPageSize) + 1;

  void expect_one_whole_round(std::size_t writes_seen) const {
    const auto database = StateDatabase::open(folder_.path() / "database").value();
    const DirectoryContent content = DirectoryContent::open(*database).value();
    const SyncState state = content.sync_state(key()).value();
    const Contents contents = read_contents(database->snapshot(), key());
    const std::size_t rounds_seen = writes_seen / kWritesOfARound;
    if (state.live_set == 0) {
      EXPECT_EQ(rounds_seen, 0U);
      EXPECT_TRUE(contents.users.empty());
      return;
    }
    ASSERT_EQ(contents.users.size(), static_cast<std::size_t>(kUsers));
    const std::string round = contents.users.front().surname;
    EXPECT_GE(std::stoul(round), rounds_seen);
    EXPECT_TRUE(std::ranges::all_of(contents.users, [&](const StoredUser& user) {
      return user.surname == round &&
             contents.groups_of_users.at(user.id) == std::vector<std::string>{"group-" + round};
    }));
    EXPECT_EQ(contents.memberships.size(), static_cast<std::size_t>(kUsers));
  }

  tests::TemporaryFolder folder_;
};

TEST_P(StateCrashTest, AfterAKillOneWholeRoundIsInForce) {
  // Kills at the beginning of a round, within it, and while it is put in force.
  for (const std::size_t writes : {3U, 12U, 13U, 25U, 25U, 30U, 38U}) {
    fs::remove_all(folder_.path() / "database");
    Writer writer{folder_.path() / "database", GetParam()};
    writer.wait_for(writes);
    writer.kill();
    expect_one_whole_round(writes);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, StateCrashTest, ::testing::Values("FullRounds", "Deltas"));

// The disk refuses whatever makes a file longer than this.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const struct rlimit limit{.rlim_cur = octets, .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }

  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  FileSizeLimit(FileSizeLimit&&) = delete;
  FileSizeLimit& operator=(FileSizeLimit&&) = delete;

  ~FileSizeLimit() {
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0);
    static_cast<void>(::signal(SIGXFSZ, handler_));
  }

 private:
  struct rlimit before_{};
  void (*handler_)(int);
};

class RefusingDiskTest : public StoreTest {};

TEST_F(RefusingDiskTest, WhatIsInForceStaysReadable) {
  put_full_round([](StagedPage& page) { page.put_user(make_user("a", "Ada")); });
  const SyncState round = content().with_new_round(state(), RoundKind::kFull, 1);
  {
    const FileSizeLimit limit{16'384};
    StagedPage page{database(), key_, round};
    for (int number = 0; number < 1'000; ++number) {
      page.put_user(make_user(std::to_string(number), std::string(100, 'n')));
    }
    const auto refused = page.commit(round);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable) << refused.error().message;
    EXPECT_FALSE(state().round.has_value());
    EXPECT_EQ(contents().users.size(), 1U);
    const auto again = content().put_sync_state(key_, round);
    ASSERT_FALSE(again.has_value());
    EXPECT_NE(again.error().message.find("restart"), std::string::npos) << again.error().message;
  }
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("a", "Ada")});
  reopen();
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("a", "Ada")});
  EXPECT_FALSE(state().round.has_value());
  stage(round, [](StagedPage& page) { page.put_user(make_user("b", "Bob")); });
  ASSERT_TRUE(content().put_in_force(key_, round).has_value());
  EXPECT_EQ(contents().users, std::vector<StoredUser>{make_user("b", "Bob")});
}

}  // namespace
}  // namespace directory
