// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/state_database.h"

#include "directory/store/keys.h"
#include "directory/store/schema.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::Result;

class StateDatabaseTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path folder() const { return folder_.path() / "database"; }

  [[nodiscard]] std::unique_ptr<StateDatabase> open() const {
    auto opened = StateDatabase::open(folder());
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return std::move(opened).value();
  }

  static void put(StateDatabase& database, std::string_view key, std::string_view value) {
    StateBatch batch;
    batch.put(Table::kSinks, key, value);
    ASSERT_TRUE(database.commit(std::move(batch)).has_value());
  }

  static std::vector<std::string> keys(const StateReader& reader,
                                       std::string_view prefix,
                                       std::string_view from) {
    std::vector<std::string> found;
    EXPECT_TRUE(reader
                    .for_each(Table::kSinks,
                              prefix,
                              from,
                              [&](std::string_view key, std::string_view) -> Result<bool> {
                                found.emplace_back(key);
                                return true;
                              })
                    .has_value());
    return found;
  }

  tests::TemporaryFolder folder_;
};

TEST(StateKeys, SortPartByPartWhateverIsInThem) {
  using namespace std::string_literals;
  const std::vector<std::string> octets{""s,
                                        "\0"s,
                                        "\0\0"s,
                                        "\0\x01"s,
                                        "\0\xff"s,
                                        "\x01"s,
                                        "a"s,
                                        "a\0"s,
                                        "a\0b"s,
                                        "a\x01"s,
                                        "ab"s,
                                        "\xff"s,
                                        "\xff\xff"s};
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& first : octets) {
    for (const std::string& second : octets) {
      pairs.emplace_back(first, second);
      EXPECT_EQ(split_key(join_key({first, second})), (std::vector<std::string>{first, second}));
      EXPECT_TRUE(join_key({first, second}).starts_with(join_key({first})));
    }
  }
  std::ranges::sort(pairs);
  EXPECT_TRUE(std::ranges::is_sorted(
      pairs, {}, [](const auto& pair) { return join_key({pair.first, pair.second}); }));
  EXPECT_FALSE(join_key({"ab", "c"}).starts_with(join_key({"a"})));
}

TEST_F(StateDatabaseTest, KeepsWhatWasCommittedInOrder) {
  {
    const auto database = open();
    StateBatch batch;
    for (const std::string_view key : {"b/2", "a", "b/1", "c", "b/3"}) {
      batch.put(Table::kSinks, key, "1");
    }
    batch.put(Table::kConsents, "b/9", "of another table");
    EXPECT_GT(batch.octets(), 0U);
    ASSERT_TRUE(database->commit(std::move(batch)).has_value());
  }
  const auto database = open();
  EXPECT_EQ(keys(*database, "", ""), (std::vector<std::string>{"a", "b/1", "b/2", "b/3", "c"}));
  EXPECT_EQ(keys(*database, "b/", ""), (std::vector<std::string>{"b/1", "b/2", "b/3"}));
  EXPECT_EQ(keys(*database, "b/", "b/2"), (std::vector<std::string>{"b/2", "b/3"}));
  EXPECT_EQ(keys(*database, "", "b/3"), (std::vector<std::string>{"b/3", "c"}));
  EXPECT_EQ(database->get(Table::kSinks, "c").value(), "1");
  EXPECT_FALSE(database->get(Table::kSinks, "b/9").value().has_value());

  std::vector<std::string> backwards;
  ASSERT_TRUE(database
                  ->for_each_backwards(Table::kSinks,
                                       "b/3",
                                       [&](std::string_view key, std::string_view) -> Result<bool> {
                                         backwards.emplace_back(key);
                                         return backwards.size() < 2;
                                       })
                  .has_value());
  EXPECT_EQ(backwards, (std::vector<std::string>{"b/2", "b/1"}));
}

TEST_F(StateDatabaseTest, TellsAKeyThatItsReadersCannotTakeApartAsDamage) {
  const auto database = open();
  StateBatch batch;
  batch.put(Table::kDomains, join_key({"contoso.com"}), "1");
  batch.put(Table::kUsers, join_key({"no number"}).substr(0, 4), "1");
  ASSERT_TRUE(database->commit(std::move(batch)).has_value());
  const auto visit = [](std::string_view, std::string_view) -> Result<bool> { return true; };
  EXPECT_TRUE(database->for_each(Table::kDomains, "", "", visit).has_value());
  const auto users = database->for_each(Table::kUsers, "", "", visit);
  ASSERT_FALSE(users.has_value());
  EXPECT_NE(users.error().message.find("cannot be read"), std::string::npos)
      << users.error().message;
}

TEST_F(StateDatabaseTest, RemovesAPrefixAndNothingElse) {
  const auto database = open();
  for (const std::string_view key : {"a\xff", "b", "b/1", "b\xff\xff", "c"}) {
    put(*database, key, "1");
  }
  StateBatch batch;
  batch.remove_prefix(Table::kSinks, "b");
  ASSERT_TRUE(database->commit(std::move(batch)).has_value());
  EXPECT_EQ(keys(*database, "", ""), (std::vector<std::string>{"a\xff", "c"}));
}

TEST_F(StateDatabaseTest, ASnapshotStaysAsItWas) {
  const auto database = open();
  put(*database, "a", "1");
  const auto snapshot = database->snapshot();
  put(*database, "a", "2");
  put(*database, "b", "1");
  EXPECT_EQ(snapshot->get(Table::kSinks, "a").value(), "1");
  EXPECT_EQ(keys(*snapshot, "", ""), std::vector<std::string>{"a"});
  EXPECT_EQ(keys(*database, "", ""), (std::vector<std::string>{"a", "b"}));
}

TEST_F(StateDatabaseTest, AVisitorEndsTheVisitOrMakesItFail) {
  const auto database = open();
  put(*database, "a", "1");
  put(*database, "b", "1");
  int visited = 0;
  const auto stop = [&](std::string_view, std::string_view) -> Result<bool> {
    ++visited;
    return false;
  };
  EXPECT_TRUE(database->for_each(Table::kSinks, "", "", stop).has_value());
  EXPECT_EQ(visited, 1);
  const auto refuse = [](std::string_view, std::string_view) -> Result<bool> {
    return policy::fail(ErrorCode::kDenied, "no");
  };
  EXPECT_EQ(database->for_each(Table::kSinks, "", "", refuse).error().message, "no");
}

TEST_F(StateDatabaseTest, HasOneOwnerAndIsForItsEyesOnly) {
  const auto database = open();
  EXPECT_EQ(StateDatabase::open(folder()).error().code, ErrorCode::kBusy);
  struct stat status{};
  ASSERT_EQ(::stat(folder().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(StateDatabaseTest, WritesNoLogOfRocksDb) {
  for (int times = 0; times < 3; ++times) {
    put(*open(), "a", "1");
  }
  for (const auto& entry : fs::directory_iterator{folder()}) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("LOG")) << entry.path();
  }
}

TEST_F(StateDatabaseTest, RefusesANewerSchemaAndLeavesItAlone) {
  {
    const auto database = open();
    StateBatch batch;
    batch.put(Table::kSchema, "version", "999");
    ASSERT_TRUE(database->commit(std::move(batch)).has_value());
  }
  const auto refused = StateDatabase::open(folder());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
  EXPECT_NE(refused.error().message.find("newer fromguard-directory"), std::string::npos);
  EXPECT_EQ(StateDatabase::open(folder()).error().message, refused.error().message);
}

TEST_F(StateDatabaseTest, MigratesStepByStep) {
  const auto database = open();
  put(*database, "old", "1");
  const std::uint64_t version = StateDatabase::kSchemaVersion;
  const std::vector<Migration> steps{
      {.from = version,
       .run = [](const StateReader& reader, StateBatch& batch) -> Result<void> {
         batch.put(Table::kSinks, "new", *reader.get(Table::kSinks, "old").value());
         batch.remove(Table::kSinks, "old");
         return {};
       }},
      {.from = version + 1,
       .run = [](const StateReader& reader, StateBatch& batch) -> Result<void> {
         batch.put(Table::kSinks, "newest", *reader.get(Table::kSinks, "new").value());
         return {};
       }}};
  ASSERT_TRUE(migrate(*database, version + 2, steps).has_value());
  EXPECT_EQ(keys(*database, "", ""), (std::vector<std::string>{"new", "newest"}));
  EXPECT_EQ(schema_version(*database).value(), version + 2);
  // Once there, nothing is run again.
  ASSERT_TRUE(migrate(*database, version + 2, steps).has_value());
  EXPECT_EQ(schema_version(*database).value(), version + 2);
}

TEST_F(StateDatabaseTest, AMigrationThatFailsChangesNothing) {
  const auto database = open();
  const std::uint64_t version = StateDatabase::kSchemaVersion;
  const std::vector<Migration> steps{
      {.from = version, .run = [](const StateReader&, StateBatch& batch) -> Result<void> {
         batch.put(Table::kSinks, "half", "1");
         return policy::fail(ErrorCode::kInvalidInput, "it does not fit");
       }}};
  const auto failed = migrate(*database, version + 1, steps);
  ASSERT_FALSE(failed.has_value());
  EXPECT_NE(failed.error().message.find("it does not fit"), std::string::npos);
  EXPECT_TRUE(keys(*database, "", "").empty());
  EXPECT_EQ(schema_version(*database).value(), version);
  EXPECT_FALSE(migrate(*database, version + 1, {}).has_value());
}

TEST_F(StateDatabaseTest, RefusesRecordsWithoutASchema) {
  {
    const auto database = open();
    put(*database, "a", "1");
    StateBatch batch;
    batch.remove(Table::kSchema, "version");
    ASSERT_TRUE(database->commit(std::move(batch)).has_value());
  }
  const auto refused = StateDatabase::open(folder());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
}

// What a database of several files holds is complete or is refused, wherever one of its files ends.
class DamagedStateTest : public StateDatabaseTest {
 protected:
  DamagedStateTest() {
    // Opened again and again: each time what the log has goes into a table of its own.
    for (int times = 0; times < 4; ++times) {
      const auto database = open();
      put(*database, std::to_string(times), std::string(300, 'x'));
    }
    original_ = folder_.path() / "original";
    fs::copy(folder(), original_, fs::copy_options::recursive);
  }

  void restore() const {
    fs::remove_all(folder());
    fs::copy(original_, folder(), fs::copy_options::recursive);
  }

  // The files whose names begin or end with this.
  [[nodiscard]] std::vector<fs::path> files(std::string_view part) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{original_}) {
      if (entry.path().filename().string().find(part) != std::string::npos) {
        found.push_back(folder() / entry.path().filename());
      }
    }
    return found;
  }

  void expect_complete_or_refused(const std::string& what) const {
    const auto opened = StateDatabase::open(folder());
    if (!opened.has_value()) {
      EXPECT_EQ(opened.error().code, ErrorCode::kInvalidInput) << what << opened.error().message;
      return;
    }
    const auto all = (*opened)->for_each(
        Table::kSinks, "", "", [](std::string_view, std::string_view) -> Result<bool> {
          return true;
        });
    EXPECT_TRUE(!all.has_value() || keys(**opened, "", "").size() == 4) << what;
  }

  fs::path original_;
};

TEST_F(DamagedStateTest, ACutManifestIsNotAnOlderDatabase) {
  const auto manifests = files("MANIFEST-");
  ASSERT_EQ(manifests.size(), 1U);
  const std::uintmax_t size = fs::file_size(original_ / manifests.front().filename());
  for (std::uintmax_t left = 0; left < size; left += 7) {
    restore();
    fs::resize_file(manifests.front(), left);
    expect_complete_or_refused("manifest of " + std::to_string(left) + " octets");
  }
}

TEST_F(DamagedStateTest, AMissingFileIsNoticed) {
  for (const std::string_view part : {".sst", "MANIFEST-", "CURRENT"}) {
    for (const fs::path& file : files(part)) {
      restore();
      fs::remove(file);
      const auto opened = StateDatabase::open(folder());
      ASSERT_FALSE(opened.has_value()) << file;
      EXPECT_EQ(opened.error().code, ErrorCode::kInvalidInput) << opened.error().message;
      EXPECT_NE(opened.error().message.find("backup"), std::string::npos);
    }
  }
}

TEST_F(DamagedStateTest, AChangedRecordIsNoticed) {
  for (const fs::path& path : files(".sst")) {
    restore();
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(20);
    file.put('?');
    file.close();
    const auto opened = StateDatabase::open(folder());
    if (!opened.has_value()) {
      EXPECT_EQ(opened.error().code, ErrorCode::kInvalidInput) << opened.error().message;
      continue;
    }
    const auto read = (*opened)->for_each(
        Table::kSinks, "", "", [](std::string_view, std::string_view) -> Result<bool> {
          return true;
        });
    ASSERT_FALSE(read.has_value()) << path;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << read.error().message;
  }
}

TEST_F(DamagedStateTest, AForeignMarkerIsRefused) {
  tests::write_file(folder() / "fromguard-state", "fromguard-state many\n");
  EXPECT_EQ(StateDatabase::open(folder()).error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace directory
