// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mail_file_reader.h"

#include "gateway/replay/mailbox_splitter.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;

class MailFileReader : public testing::Test {
 protected:
  policy::Result<MailFileContent> read(MailFormat format) {
    return read_mail_file({.path = path, .format = format},
                          {.header_limit = kMebibyte,
                           .take = [&](StoredHeader&& header) { last = std::move(header); },
                           .progress = [&](std::size_t size) { told += size; }});
  }

  tests::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "file";
  StoredHeader last;
  std::size_t told = 0;
};

TEST_F(MailFileReader, AMailboxIsReadToItsEnd) {
  const std::string body(kMebibyte, 'x');
  const std::string file = "From a\nA: a\n\n" + body + "\n\nFrom b\nB: b\n\n" + body;
  tests::write_file(path, file);
  const auto content = read(MailFormat::kEither);
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(content->messages, 2U);
  EXPECT_EQ(content->octets, file.size());
  EXPECT_EQ(told, file.size());
  EXPECT_EQ(last.octets, "B: b\n\n");
}

TEST_F(MailFileReader, OfAMessageTheBodyIsNotRead) {
  tests::write_file(path, "A: a\n\n" + std::string(kMebibyte, 'x'));
  const auto content = read(MailFormat::kMessage);
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(content->messages, 1U);
  EXPECT_LT(content->octets, kMebibyte / 2);
}

TEST_F(MailFileReader, WhatCannotBeReadIsAnError) {
  const auto absent = read(MailFormat::kMessage);
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().code, policy::ErrorCode::kUnavailable);
  path = folder.path();  // opens, and does not read
  EXPECT_FALSE(read(MailFormat::kMailbox).has_value());
}

}  // namespace
}  // namespace gateway
