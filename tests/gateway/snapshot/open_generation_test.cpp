// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/snapshot/open_generation.h"

#include "gateway/snapshot/current_generation.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"
#include "policy/snapshot/manifest.h"
#include "tests/support/publish_people.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using tests::numbered_people;
using tests::write_file;

std::string octets_of(const fs::path& path) {
  return policy::read_file(path, 1'000'000'000).value();
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{folder}) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

class OpenGenerationTest : public ::testing::Test {
 protected:
  OpenGenerationTest() { publish("Ada", 40); }

  void publish(const std::string& prefix, std::size_t count) {
    const auto published = tests::publish_people(folder_.path(), numbered_people(prefix, count));
    ASSERT_TRUE(published.has_value()) << published.error().message;
  }

  fs::path snapshots() const { return folder_.path() / "snapshots"; }

  fs::path generation(int number) const {
    return snapshots() / ("generation-" + std::to_string(number));
  }

  // Nothing that stands in the folder of the first generation now may be believed.
  void expect_refused(const std::string& what) const {
    const auto opened = open_generation(generation(1));
    EXPECT_FALSE(opened.has_value()) << what;
  }

  tests::TemporaryFolder folder_;
};

TEST_F(OpenGenerationTest, AnswersAsItWasPublished) {
  const auto opened = open_generation(snapshots() / "current");
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  const policy::DirectoryView& directory = (*opened)->directory();
  EXPECT_EQ(directory.generation(), 1U);
  EXPECT_EQ(directory.organization_of_domain("contoso.com"), 0U);
  EXPECT_EQ((*opened)->manifest().records.people, 40U);
  const auto found = directory.people_by_address("Ada7@contoso.com").value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(directory.person(found[0].person).value().name, "Ada Number 7");
  EXPECT_TRUE(directory.people_by_address("eve@contoso.com").value().empty());
}

TEST_F(OpenGenerationTest, WritesNothing) {
  const auto before = files_of(generation(1));
  ASSERT_TRUE(open_generation(generation(1)).has_value());
  EXPECT_EQ(files_of(generation(1)), before);
}

TEST_F(OpenGenerationTest, GoesOnAnsweringWhenItsFolderIsRemoved) {
  const auto opened = open_generation(generation(1)).value();
  fs::remove_all(generation(1));
  for (int i = 0; i < 40; ++i) {
    const std::string address = "Ada" + std::to_string(i) + "@contoso.com";
    EXPECT_EQ(opened->directory().people_by_address(address).value().size(), 1U);
  }
}

TEST_F(OpenGenerationTest, IsRefusedWithAnyFileCutShort) {
  for (const fs::path& file : files_of(generation(1))) {
    const std::string whole = octets_of(file);
    const std::size_t step = std::max<std::size_t>(1, whole.size() / 40);
    for (std::size_t size = 0; size < whole.size(); size += step) {
      fs::resize_file(file, size);
      expect_refused(file.filename().string() + " cut to " + std::to_string(size));
      write_file(file, whole);
    }
  }
  EXPECT_TRUE(open_generation(generation(1)).has_value());
}

TEST_F(OpenGenerationTest, IsRefusedWithAnyBitFlipped) {
  for (const fs::path& file : files_of(generation(1))) {
    const std::string whole = octets_of(file);
    const std::size_t step = std::max<std::size_t>(1, whole.size() / 40);
    for (std::size_t at = 0; at < whole.size(); at += step) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << (at % 8)));
      write_file(file, flipped);
      expect_refused(file.filename().string() + " flipped at " + std::to_string(at));
    }
    write_file(file, whole);
  }
  EXPECT_TRUE(open_generation(generation(1)).has_value());
}

TEST_F(OpenGenerationTest, IsRefusedWithAFileMissingOrAdded) {
  for (const fs::path& file : files_of(generation(1))) {
    const std::string whole = octets_of(file);
    fs::remove(file);
    expect_refused(file.filename().string() + " removed");
    write_file(file, whole);
  }
  for (const char* extra : {"000099.sst", "000099.log", "LOCK", "OPTIONS-000005"}) {
    write_file(generation(1) / extra, "");
    expect_refused(std::string{extra} + " added");
    fs::remove(generation(1) / extra);
  }
  EXPECT_TRUE(open_generation(generation(1)).has_value());
}

TEST_F(OpenGenerationTest, IsRefusedWithAFileOfAnotherGeneration) {
  publish("Bob", 40);
  for (const fs::path& file : files_of(generation(1))) {
    const std::string whole = octets_of(file);
    const std::string other = octets_of(generation(2) / file.filename());
    if (other != whole) {
      write_file(file, other);
      expect_refused(file.filename().string() + " of another generation");
      write_file(file, whole);
    }
  }
}

// What the manifest says of the records is held against the database itself, even where every
// digest fits: a publisher that wrote too little is caught too.
TEST_F(OpenGenerationTest, IsRefusedWhereDatabaseAndManifestDisagree) {
  const fs::path path = generation(1) / policy::kManifestFileName;
  const policy::Manifest manifest = policy::decode_manifest(octets_of(path)).value();

  policy::Manifest wrong = manifest;
  ++wrong.records.people;
  write_file(path, policy::encode_manifest(wrong));
  expect_refused("one person more");
  wrong = manifest;
  wrong.sentinels.front().key = "nobody";
  write_file(path, policy::encode_manifest(wrong));
  expect_refused("a sentinel that is not there");
  wrong = manifest;
  wrong.name_key_version += "x";
  write_file(path, policy::encode_manifest(wrong));
  const auto opened = open_generation(generation(1));
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().message.find("indexed by version"), std::string::npos);
}

TEST_F(OpenGenerationTest, AFolderThatIsNoGenerationIsRefused) {
  EXPECT_EQ(open_generation(folder_.path() / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(open_generation(folder_.path()).error().code, ErrorCode::kNotFound);
  write_file(folder_.path() / policy::kManifestFileName, "something else\n");
  EXPECT_EQ(open_generation(folder_.path()).error().code, ErrorCode::kInvalidInput);
}

TEST_F(OpenGenerationTest, HolderServesWhatIsInForce) {
  SnapshotHolder holder{snapshots()};
  EXPECT_EQ(holder.get(), nullptr);
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  const auto first = holder.get();
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kUnchanged);
  EXPECT_EQ(holder.get(), first);
  EXPECT_TRUE(holder.status().confirmed.has_value());

  publish("Bob", 5);
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(holder.get()->directory().generation(), 2U);
  EXPECT_EQ(first->directory().people_by_address("Ada1@contoso.com").value().size(), 1U);
}

TEST_F(OpenGenerationTest, HolderTellsAGenerationByItsContentAndNotByItsNumber) {
  SnapshotHolder holder{snapshots()};
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  fs::remove_all(snapshots());
  publish("Bob", 5);
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  EXPECT_EQ(holder.get()->directory().people_by_address("Bob1@contoso.com").value().size(), 1U);
}

TEST_F(OpenGenerationTest, HolderKeepsTheLastGoodOneAndRefusesADamagedOneOnce) {
  SnapshotHolder holder{snapshots()};
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  publish("Bob", 5);
  const std::string whole = octets_of(generation(2) / "CURRENT");
  write_file(generation(2) / "CURRENT", "MANIFEST-000001\n");

  const Refresh refused = holder.refresh();
  EXPECT_EQ(refused.outcome, RefreshOutcome::kRefused);
  EXPECT_NE(refused.error.message.find("CURRENT"), std::string::npos);
  EXPECT_EQ(holder.get()->directory().generation(), 1U);
  EXPECT_TRUE(holder.status().trouble.has_value());
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kUnchanged);

  write_file(generation(2) / "CURRENT", whole);
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  EXPECT_FALSE(holder.status().trouble.has_value());
}

TEST_F(OpenGenerationTest, HolderSeesDamageToTheGenerationItServes) {
  SnapshotHolder holder{snapshots()};
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kSwapped);
  write_file(generation(1) / "IDENTITY", "another");
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kRefused);
  EXPECT_EQ(holder.get()->directory().generation(), 1U);
}

TEST_F(OpenGenerationTest, HolderTellsOnceThatNothingIsInForce) {
  SnapshotHolder holder{folder_.path() / "nowhere"};
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kMissing);
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kUnchanged);
  EXPECT_EQ(holder.get(), nullptr);

  SnapshotHolder other{snapshots()};
  EXPECT_EQ(other.refresh().outcome, RefreshOutcome::kSwapped);
  fs::remove_all(snapshots());
  EXPECT_EQ(other.refresh().outcome, RefreshOutcome::kMissing);
  EXPECT_NE(other.get(), nullptr);
}

TEST_F(OpenGenerationTest, HolderRefusesACurrentThatIsNoLink) {
  fs::remove(snapshots() / "current");
  fs::rename(generation(1), snapshots() / "current");
  SnapshotHolder holder{snapshots()};
  EXPECT_EQ(holder.refresh().outcome, RefreshOutcome::kRefused);
}

}  // namespace
}  // namespace gateway
