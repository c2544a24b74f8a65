// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/refresher.h"

#include "directory/publish/published_generation.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/sync/schedule.h"
#include "policy/event.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

namespace fs = std::filesystem;

DirectorySettings csv_directory(std::string name, const fs::path& path) {
  DirectorySettings settings;
  settings.name = std::move(name);
  settings.source = CsvSource{.path = path};
  return settings;
}

class RefresherTest : public ::testing::Test {
 protected:
  RefresherTest() {
    settings_.organizations.resize(1);
    OrganizationSettings& contoso = settings_.organizations.front();
    contoso.name = "contoso";
    contoso.domains = {"contoso.com"};
    contoso.protect.groups = {"All"};
    contoso.protect.role_mailboxes = {"Accounts Payable"};
    contoso.directories = {csv_directory("HR", file("hr.csv")),
                           csv_directory("Contractors", file("contractors.csv"))};
    write("hr.csv", "Ada Lovelace,ada@contoso.com,All;Board\nBob Roe,bob@contoso.com,All\n");
    write("contractors.csv", "Carl Poe,carl@x.example,Externals;All\n");
  }

  fs::path file(std::string_view name) const { return folder_.path() / name; }

  void write(std::string_view name, std::string_view rows) const {
    tests::write_file(file(name), "Display_Name,Email,Groups\n" + std::string{rows});
  }

  RoundResult refresh(const std::set<DirectoryIndex>& due) {
    Refresher refresher{settings_, publisher_, log_};
    return refresher.refresh(due);
  }

  RoundResult refresh_all() { return refresh(all_directories(settings_)); }

  std::vector<std::string> published_names() const {
    const auto opened = PublishedGeneration::open(file("snapshots") / "current");
    std::vector<std::string> names;
    EXPECT_TRUE(opened.has_value());
    EXPECT_TRUE(opened
                    ->for_each_person(0,
                                      [&](const policy::Person& person) {
                                        names.push_back(person.name);
                                        return policy::Result<void>{};
                                      })
                    .has_value());
    return names;
  }

  std::uint64_t generation() const {
    return PublishedGeneration::open(file("snapshots") / "current")->manifest().generation;
  }

  tests::TemporaryFolder folder_;
  Settings settings_;
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  Publisher publisher_ =
      Publisher::open(
          {.state = folder_.path() / "state", .snapshots = folder_.path() / "snapshots"}, log_)
          .value();
};

TEST_F(RefresherTest, PublishesThePeopleOfAllDirectories) {
  EXPECT_TRUE(refresh_all().is_good());
  EXPECT_EQ(published_names(),
            (std::vector<std::string>{"Ada Lovelace", "Bob Roe", "Accounts Payable", "Carl Poe"}));
}

TEST_F(RefresherTest, ADirectoryThatFailsKeepsItsPeopleWhileOthersChange) {
  ASSERT_TRUE(refresh_all().is_good());
  write("hr.csv", "Ada Lovelace,nobody,All\n");
  write("contractors.csv", "Dora Doe,dora@x.example,Aliens;All\n");
  const RoundResult result = refresh_all();
  ASSERT_EQ(result.failed_directories.size(), 1U);
  EXPECT_EQ(result.failed_directories[0].code, policy::ErrorCode::kInvalidInput);
  EXPECT_FALSE(result.publish_failure.has_value());
  EXPECT_EQ(published_names(),
            (std::vector<std::string>{"Ada Lovelace", "Bob Roe", "Accounts Payable", "Dora Doe"}));

  // Groups of those who were carried forward still have their names.
  const auto opened = PublishedGeneration::open(file("snapshots") / "current").value();
  const policy::Person ada = opened.view().person(0).value();
  std::vector<std::string> groups;
  for (const std::uint32_t group : ada.groups) {
    groups.push_back(opened.view().organizations()[0].groups[group]);
  }
  EXPECT_EQ(groups, (std::vector<std::string>{"All", "Board"}));
}

TEST_F(RefresherTest, CarryingForwardAloneChangesNothing) {
  ASSERT_TRUE(refresh_all().is_good());
  EXPECT_TRUE(refresh({{.organization = 0, .directory = 1}}).is_good());
  EXPECT_EQ(generation(), 1U);
}

TEST_F(RefresherTest, NothingIsPublishedIfNothingCouldBeRead) {
  fs::remove(file("hr.csv"));
  fs::remove(file("contractors.csv"));
  EXPECT_EQ(refresh_all().failed_directories.size(), 2U);
  EXPECT_FALSE(fs::exists(fs::symlink_status(file("snapshots") / "current")));
}

TEST_F(RefresherTest, ADirectoryThatNeverWorkedDoesNotHoldTheOthersUp) {
  fs::remove(file("contractors.csv"));
  EXPECT_FALSE(refresh_all().is_good());
  EXPECT_EQ(published_names(),
            (std::vector<std::string>{"Ada Lovelace", "Bob Roe", "Accounts Payable"}));
}

TEST_F(RefresherTest, PeopleAreNotLostWithADamagedGeneration) {
  ASSERT_TRUE(refresh_all().is_good());
  fs::remove(file("hr.csv"));
  tests::write_file(file("snapshots") / "current" / "CURRENT", "x");
  const RoundResult result = refresh_all();
  EXPECT_TRUE(result.publish_failure.has_value());
  EXPECT_EQ(fs::read_symlink(file("snapshots") / "current"), "generation-1");
}

TEST_F(RefresherTest, ARemovedDirectoryTakesItsPeopleAlong) {
  ASSERT_TRUE(refresh_all().is_good());
  settings_.organizations[0].directories.pop_back();
  EXPECT_TRUE(refresh_all().is_good());
  EXPECT_EQ(published_names().size(), 3U);
}

TEST(ScheduleTest, GivesEachDirectoryItsPeriod) {
  Settings settings;
  settings.organizations.resize(1);
  settings.organizations[0].directories = {csv_directory("A", {}), csv_directory("B", {})};
  settings.organizations[0].directories[0].sync.every = std::chrono::seconds{10};
  settings.organizations[0].directories[1].sync.every = std::chrono::seconds{25};
  const DirectoryIndex a{.organization = 0, .directory = 0};
  const DirectoryIndex b{.organization = 0, .directory = 1};
  const auto at = [](int seconds) { return Schedule::Time{std::chrono::seconds{seconds}}; };

  Schedule schedule{settings, at(0)};
  EXPECT_EQ(schedule.take_due(at(0)), (std::set{a, b}));
  EXPECT_EQ(schedule.next(), at(10));
  EXPECT_TRUE(schedule.take_due(at(9)).empty());
  EXPECT_EQ(schedule.take_due(at(12)), std::set{a});
  EXPECT_EQ(schedule.next(), at(22));
  EXPECT_EQ(schedule.take_due(at(25)), (std::set{a, b}));
  schedule.retry({a, b}, at(30));
  EXPECT_EQ(schedule.take_due(at(30)), (std::set{a, b}));
  schedule.make_all_due(at(31));
  EXPECT_EQ(schedule.take_due(at(31)), (std::set{a, b}));
}

}  // namespace
}  // namespace directory
