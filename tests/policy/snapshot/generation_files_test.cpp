// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/generation_files.h"

#include "policy/digest.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace policy {
namespace {

using tests::write_file;

class GenerationFiles : public ::testing::Test {
 protected:
  GenerationFiles() {
    write_file(folder() / "CURRENT", "MANIFEST-000005\n");
    write_file(folder() / "000009.sst", std::string(700'000, 'x'));
    write_file(folder() / kManifestFileName, "not looked at");
    manifest_.files = digest_files(folder()).value();
  }

  const std::filesystem::path& folder() const { return folder_.path(); }

  std::string refusal() const {
    const auto verified = verify_files(folder(), manifest_);
    return verified.has_value() ? "" : verified.error().message;
  }

  tests::TemporaryFolder folder_;
  Manifest manifest_;
};

TEST_F(GenerationFiles, AreDigestedByNameWithoutTheManifest) {
  ASSERT_EQ(manifest_.files.size(), 2U);
  EXPECT_EQ(manifest_.files[0].name, "000009.sst");
  EXPECT_EQ(manifest_.files[0].size, 700'000U);
  EXPECT_EQ(manifest_.files[1].sha256, sha256_hex("MANIFEST-000005\n"));
  EXPECT_EQ(refusal(), "");
}

TEST_F(GenerationFiles, ThatAreChangedMissingOrExtraAreNamed) {
  write_file(folder() / "CURRENT", "MANIFEST-000006\n");
  EXPECT_NE(refusal().find("CURRENT: the file is damaged"), std::string::npos);
  std::filesystem::remove(folder() / "CURRENT");
  EXPECT_NE(refusal().find("CURRENT: the file is missing"), std::string::npos);
  write_file(folder() / "CURRENT", "MANIFEST-000005\n");
  write_file(folder() / "000010.sst", "");
  EXPECT_NE(refusal().find("000010.sst: the manifest does not name"), std::string::npos);
}

TEST_F(GenerationFiles, MustBeRegularFiles) {
  ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);
  EXPECT_NE(refusal().find("no regular file"), std::string::npos);
  std::filesystem::remove(folder() / "pipe");
  std::filesystem::remove(folder() / "CURRENT");
  write_file(folder().parent_path() / "elsewhere", "MANIFEST-000005\n");
  std::filesystem::create_symlink("../elsewhere", folder() / "CURRENT");
  EXPECT_NE(refusal().find("no regular file"), std::string::npos);
  std::filesystem::remove(folder().parent_path() / "elsewhere");
}

TEST_F(GenerationFiles, OfAFolderThatIsNotThereAreNotFound) {
  EXPECT_EQ(digest_files(folder() / "none").error().code, ErrorCode::kNotFound);
}

TEST_F(GenerationFiles, AreReadUpToALimit) {
  EXPECT_EQ(read_file(folder() / "CURRENT", 16).value(), "MANIFEST-000005\n");
  EXPECT_EQ(read_file(folder() / "CURRENT", 15).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(read_file(folder() / "none", 15).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(read_file(folder(), 15).has_value());
}

TEST(GenerationFolderName, IsReadBackAloneInItsOwnForm) {
  EXPECT_EQ(generation_folder_name(17), "generation-17");
  EXPECT_EQ(parse_generation_folder_name("generation-17"), 17U);
  for (const char* other : {"generation-0",
                            "generation-017",
                            "generation-",
                            "generation-1x",
                            "generation--1",
                            "generation-99999999999999999999",
                            ".staging-1",
                            "Generation-1",
                            ""}) {
    EXPECT_EQ(parse_generation_folder_name(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace policy
