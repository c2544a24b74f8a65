// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/publisher.h"

#include "directory/publish/published_generation.h"
#include "policy/event.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"
#include "tests/support/publish_people.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using tests::content_of;
using tests::contoso;
using tests::numbered_people;

class PublisherTest : public ::testing::Test {
 protected:
  PublisherSettings settings() const { return {.state = state(), .snapshots = snapshots()}; }

  fs::path state() const { return folder_.path() / "state"; }

  fs::path snapshots() const { return folder_.path() / "snapshots"; }

  fs::path current() const { return snapshots() / "current"; }

  Publication publish(const std::vector<policy::Person>& people) const {
    return tests::publish_people(folder_.path(), people).value();
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator{snapshots()}) {
      found.push_back(entry.path().filename());
    }
    std::ranges::sort(found);
    return found;
  }

  tests::TemporaryFolder folder_;
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
};

TEST_F(PublisherTest, PublishesPeopleWhoCanBeReadBack) {
  const auto people = numbered_people("Ada", 500);
  const Publication published = publish(people);
  EXPECT_EQ(published.generation, 1U);
  EXPECT_TRUE(published.is_new);
  EXPECT_EQ(fs::read_symlink(current()), "generation-1");

  const auto opened = PublishedGeneration::open(current());
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(opened->manifest().records.people, 500U);
  EXPECT_EQ(opened->manifest().sources.at(0).directory, "HR");
  std::vector<policy::Person> read;
  EXPECT_TRUE(opened
                  ->for_each_person(0,
                                    [&](const policy::Person& person) {
                                      read.push_back(person);
                                      return policy::Result<void>{};
                                    })
                  .has_value());
  EXPECT_EQ(read, people);
  EXPECT_EQ(opened->view().people_by_address("ada7@contoso.com").value(),
            std::vector<policy::PersonRef>{});
  EXPECT_EQ(opened->view().people_by_address("Ada7@contoso.com").value().at(0).person, 7U);
}

TEST_F(PublisherTest, LeavesOnlyWhatAReaderNeedsAndEverybodyMayRead) {
  publish(numbered_people("Ada", 3));
  EXPECT_EQ(names(), (std::vector<std::string>{".lock", "current", "generation-1"}));
  for (const auto& entry : fs::directory_iterator{current()}) {
    struct stat status{};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0644U) << entry.path();
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name == "CURRENT" || name == "IDENTITY" || name == "fromguard-manifest" ||
                name.starts_with("MANIFEST-") || name.ends_with(".sst"))
        << name;
  }
  struct stat status{};
  ASSERT_EQ(::stat((snapshots() / "generation-1").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0755U);
}

TEST_F(PublisherTest, UnchangedContentPublishesNothingButConfirmsTheGeneration) {
  publish(numbered_people("Ada", 30));
  // The link is made to look a day old.
  struct timespec old_times[2] = {{.tv_sec = 1'700'000'000, .tv_nsec = 0},
                                  {.tv_sec = 1'700'000'000, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, current().c_str(), old_times, AT_SYMLINK_NOFOLLOW), 0);

  const Publication again = publish(numbered_people("Ada", 30));
  EXPECT_EQ(again.generation, 1U);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(names(), (std::vector<std::string>{".lock", "current", "generation-1"}));
  struct stat status{};
  ASSERT_EQ(::lstat(current().c_str(), &status), 0);
  EXPECT_GT(status.st_mtim.tv_sec, 1'750'000'000);
}

TEST_F(PublisherTest, UnchangedContentReplacesAGenerationThatWasDamaged) {
  publish(numbered_people("Ada", 30));
  tests::write_file(current() / "CURRENT", "MANIFEST-000001\n");
  const Publication again = publish(numbered_people("Ada", 30));
  EXPECT_EQ(again.generation, 2U);
  EXPECT_TRUE(PublishedGeneration::open(current()).has_value());
}

TEST_F(PublisherTest, KeepsTheNewestGenerations) {
  for (std::size_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(publish(numbered_people("Ada", i)).generation, i);
  }
  EXPECT_EQ(names(),
            (std::vector<std::string>{
                ".lock", "current", "generation-3", "generation-4", "generation-5"}));
}

TEST_F(PublisherTest, NumbersUpwardFromTheHighestThereIs) {
  publish(numbered_people("Ada", 1));
  fs::copy(snapshots() / "generation-1", snapshots() / "generation-9");
  EXPECT_EQ(publish(numbered_people("Ada", 2)).generation, 10U);
}

TEST_F(PublisherTest, SweepsWhatACrashLeft) {
  publish(numbered_people("Ada", 1));
  fs::create_directories(snapshots() / ".staging-2" / "database");
  tests::write_file(snapshots() / ".staging-2" / "database" / "CURRENT", "x");
  fs::create_symlink("generation-7", snapshots() / ".current-new");
  fs::create_directory(snapshots() / "generation-7");
  tests::write_file(snapshots() / "generation-7" / "CURRENT", "x");
  fs::create_directory(snapshots() / "not-ours");
  ASSERT_TRUE(Publisher::open(settings(), log_).has_value());
  EXPECT_EQ(names(), (std::vector<std::string>{".lock", "current", "generation-1", "not-ours"}));
}

TEST_F(PublisherTest, HasOneWriterForEachFolder) {
  const auto first = Publisher::open(settings(), log_);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(Publisher::open(settings(), log_).error().code, policy::ErrorCode::kBusy);
  PublisherSettings other = settings();
  other.state = folder_.path() / "other-state";
  EXPECT_EQ(Publisher::open(other, log_).error().code, policy::ErrorCode::kBusy);
  other = settings();
  other.snapshots = folder_.path() / "other-snapshots";
  EXPECT_EQ(Publisher::open(other, log_).error().code, policy::ErrorCode::kBusy);
}

TEST_F(PublisherTest, AFailureWhileReadingPeopleLeavesTheGenerationInForce) {
  publish(numbered_people("Ada", 10));
  auto publisher = Publisher::open(settings(), log_).value();
  GenerationContent content = content_of(contoso(), {});
  content.for_each_person = [](const PersonVisitor& visit) -> policy::Result<void> {
    for (const policy::Person& person : numbered_people("Bob", 5)) {
      EXPECT_TRUE(visit(person).has_value());
    }
    return policy::fail(policy::ErrorCode::kUnavailable, "the source is gone");
  };
  EXPECT_EQ(publisher.publish(content).error().message, "the source is gone");
  EXPECT_EQ(names(), (std::vector<std::string>{".lock", "current", "generation-1"}));
  EXPECT_TRUE(PublishedGeneration::open(current()).has_value());
}

TEST_F(PublisherTest, AFailureToPutInForceLeavesTheGenerationInForce) {
  publish(numbered_people("Ada", 10));
  auto publisher = Publisher::open(settings(), log_).value();
  // A folder in the way of the new generation, with something in it.
  const auto content = content_of(contoso(), numbered_people("Bob", 5));
  GenerationContent obstructed = content;
  obstructed.for_each_person = [&](const PersonVisitor& visit) {
    fs::create_directories(snapshots() / "generation-2" / "x");
    return content.for_each_person(visit);
  };
  EXPECT_FALSE(publisher.publish(obstructed).has_value());
  EXPECT_EQ(fs::read_symlink(current()), "generation-1");
  EXPECT_TRUE(PublishedGeneration::open(current()).has_value());
  EXPECT_EQ(publisher.publish(content).value().generation, 3U);
}

TEST_F(PublisherTest, ReadsTheNewestSoundGenerationBack) {
  fs::create_directory(snapshots());
  EXPECT_FALSE(PublishedGeneration::open_newest(snapshots()).value().has_value());
  publish(numbered_people("Ada", 1));
  publish(numbered_people("Ada", 2));
  publish(numbered_people("Ada", 3));
  EXPECT_EQ(PublishedGeneration::open_newest(snapshots()).value()->manifest().generation, 3U);
  fs::remove(snapshots() / "generation-3" / "CURRENT");
  EXPECT_EQ(PublishedGeneration::open_newest(snapshots()).value()->manifest().generation, 2U);
  fs::remove(snapshots() / "generation-2" / "CURRENT");
  fs::remove(snapshots() / "generation-1" / "CURRENT");
  EXPECT_FALSE(PublishedGeneration::open_newest(snapshots()).has_value());
}

}  // namespace
}  // namespace directory
