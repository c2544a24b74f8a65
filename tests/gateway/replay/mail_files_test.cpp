// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mail_files.h"

#include "gateway/replay/mailbox_splitter.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace gateway {
namespace {

using Texts = std::vector<std::string>;

namespace fs = std::filesystem;

std::string mark_of(MailFormat format) {
  switch (format) {
    case MailFormat::kMessage: return "*";
    case MailFormat::kMailbox: return "+";
    case MailFormat::kEither: return "";
  }
  return "";
}

class MailFilesTest : public testing::Test {
 protected:
  void put(const fs::path& path) {
    fs::create_directories((root() / path).parent_path());
    tests::write_file(root() / path, "A: a\n\n");
  }

  [[nodiscard]] const fs::path& root() const { return folder.path(); }

  // Their paths below the folder, with `*` for a message and `+` for a mailbox.
  std::vector<std::string> found(const std::vector<fs::path>& paths) {
    MailFiles files{
        paths, [&](const fs::path& path, const std::string& /*why*/) { refused.push_back(path); }};
    std::vector<std::string> names;
    for (auto file = files.next(); file.has_value(); file = files.next()) {
      names.push_back(file->path.lexically_relative(root()).native() + mark_of(file->format));
    }
    passed_over = files.passed_over();
    return names;
  }

  std::vector<std::string> found() { return found({root()}); }

  tests::TemporaryFolder folder;
  std::vector<fs::path> refused;
  std::uint64_t passed_over = 0;
};

TEST_F(MailFilesTest, InATreeMessagesAreToldByTheirName) {
  put("b.eml");
  put("a.EML");
  put("archive");
  put("deep/er/c.eml");
  put("Deep/d.mbox");
  EXPECT_EQ(found(), (Texts{"a.EML*", "archive+", "b.eml*", "Deep/d.mbox+", "deep/er/c.eml*"}));
}

TEST_F(MailFilesTest, OfAMaildirOnlyCurAndNewHoldMessages) {
  put("cur/2.host:2,S");
  put("cur/.hidden");
  put("cur/inner/x.eml");
  put("new/1.host");
  put("tmp/3.host");
  put("dovecot-uidlist");
  put(".Sent/cur/4.host");
  put(".Sent.2026/new/5.host");
  put("Nested/cur/6.host");
  EXPECT_EQ(found(),
            (Texts{".Sent/cur/4.host*",
                   ".Sent.2026/new/5.host*",
                   "Nested/cur/6.host*",
                   "cur/2.host:2,S*",
                   "new/1.host*"}));
  EXPECT_EQ(found({root() / "cur"}), (Texts{"cur/2.host:2,S*"}));
  EXPECT_EQ(found({root() / "new/"}), (Texts{"new/1.host*"}));
}

TEST_F(MailFilesTest, PathsComeInTheirOrderAndMayBeFilesOrLinks) {
  put("b");
  put("tree/a.eml");
  fs::create_directory_symlink(root() / "tree", root() / "link");
  EXPECT_EQ(found({root() / "link", root() / "b", root() / "tree/a.eml"}),
            (Texts{"link/a.eml*", "b", "tree/a.eml*"}));
}

TEST_F(MailFilesTest, BelowAPathNoLinkIsFollowedAndNoPipeOpened) {
  put("tree/a.eml");
  fs::create_directory_symlink(root(), root() / "tree/loop");
  fs::create_symlink("/etc/passwd", root() / "tree/b.eml");
  ASSERT_EQ(::mkfifo((root() / "tree/pipe.eml").c_str(), 0600), 0);
  EXPECT_EQ(found(), (Texts{"tree/a.eml*"}));
  EXPECT_EQ(passed_over, 3U);
  EXPECT_TRUE(refused.empty());
}

TEST_F(MailFilesTest, AFolderThatGoesAwayIsTold) {
  put("a/a.eml");
  put("b/b.eml");
  MailFiles files{{root()}, [&](const fs::path& path, const std::string& why) {
                    EXPECT_FALSE(why.empty());
                    refused.push_back(path);
                  }};
  const std::optional<MailFile> first = files.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->path, root() / "a/a.eml");
  fs::remove_all(root() / "b");
  EXPECT_FALSE(files.next().has_value());
  EXPECT_EQ(refused, std::vector{root() / "b"});
}

TEST_F(MailFilesTest, AFolderOfManyFilesComesWhole) {
  constexpr int kFiles = 20'000;  // more than are held at once
  fs::create_directory(root() / "cur");
  for (int i = 0; i < kFiles; ++i) {
    put("cur/" + std::to_string(i));
  }
  EXPECT_EQ(found().size(), std::size_t{kFiles});
}

}  // namespace
}  // namespace gateway
