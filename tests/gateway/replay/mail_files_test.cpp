// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mail_files.h"

#include "gateway/replay/mailbox_splitter.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace gateway {
namespace {

using Texts = std::vector<std::string>;

namespace fs = std::filesystem;

class MailFilesTest : public testing::Test {
 protected:
  void put(const fs::path& path) {
    fs::create_directories((folder() / path).parent_path());
    tests::write_file(folder() / path, "A: a\n\n");
  }

  const fs::path& folder() const { return folder_.path(); }

  // Their paths below the folder, with `*` for a message and `+` for a mailbox.
  std::vector<std::string> found(const std::vector<fs::path>& paths) {
    MailFiles files{
        paths, [&](const fs::path& path, const std::string& /*why*/) { refused_.push_back(path); }};
    std::vector<std::string> names;
    for (auto file = files.next(); file.has_value(); file = files.next()) {
      const bool is_message = file->format == MailFormat::kMessage;
      const bool is_mailbox = file->format == MailFormat::kMailbox;
      names.push_back(file->path.lexically_relative(folder()).native() + (is_message   ? "*"
                                                                          : is_mailbox ? "+"
                                                                                       : ""));
    }
    passed_over_ = files.passed_over();
    return names;
  }

  std::vector<std::string> found() { return found({folder()}); }

  tests::TemporaryFolder folder_;
  std::vector<fs::path> refused_;
  std::uint64_t passed_over_ = 0;
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
  EXPECT_EQ(found({folder() / "cur"}), (Texts{"cur/2.host:2,S*"}));
  EXPECT_EQ(found({folder() / "new/"}), (Texts{"new/1.host*"}));
}

TEST_F(MailFilesTest, PathsComeInTheirOrderAndMayBeFilesOrLinks) {
  put("b");
  put("tree/a.eml");
  fs::create_directory_symlink(folder() / "tree", folder() / "link");
  EXPECT_EQ(found({folder() / "link", folder() / "b", folder() / "tree/a.eml"}),
            (Texts{"link/a.eml*", "b", "tree/a.eml*"}));
}

TEST_F(MailFilesTest, BelowAPathNoLinkIsFollowedAndNoPipeOpened) {
  put("tree/a.eml");
  fs::create_directory_symlink(folder(), folder() / "tree/loop");
  fs::create_symlink("/etc/passwd", folder() / "tree/b.eml");
  ASSERT_EQ(::mkfifo((folder() / "tree/pipe.eml").c_str(), 0600), 0);
  EXPECT_EQ(found(), (Texts{"tree/a.eml*"}));
  EXPECT_EQ(passed_over_, 3U);
  EXPECT_TRUE(refused_.empty());
}

TEST_F(MailFilesTest, AFolderThatGoesAwayIsTold) {
  put("a/a.eml");
  put("b/b.eml");
  MailFiles files{{folder()}, [&](const fs::path& path, const std::string& why) {
                    EXPECT_FALSE(why.empty());
                    refused_.push_back(path);
                  }};
  const std::optional<MailFile> first = files.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->path, folder() / "a/a.eml");
  fs::remove_all(folder() / "b");
  EXPECT_FALSE(files.next().has_value());
  EXPECT_EQ(refused_, std::vector{folder() / "b"});
}

TEST_F(MailFilesTest, AFolderOfManyFilesComesWhole) {
  constexpr int kFiles = 20'000;  // more than are held at once
  fs::create_directory(folder() / "cur");
  for (int i = 0; i < kFiles; ++i) {
    put("cur/" + std::to_string(i));
  }
  EXPECT_EQ(found().size(), std::size_t{kFiles});
}

}  // namespace
}  // namespace gateway
