// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mailbox_splitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t kLimit = 1000;

std::vector<StoredHeader> split(std::string_view file,
                                MailFormat format,
                                std::size_t piece = std::string_view::npos) {
  std::vector<StoredHeader> headers;
  MailboxSplitter splitter{
      format, kLimit, [&](StoredHeader&& header) { headers.push_back(std::move(header)); }};
  while (!file.empty()) {
    splitter.feed(file.substr(0, piece));
    file.remove_prefix(std::min(piece, file.size()));
  }
  splitter.finish();
  EXPECT_EQ(splitter.messages(), headers.size());
  return headers;
}

// The headers of a mailbox, the same in pieces of any size.
std::vector<std::string> headers_of(std::string_view file) {
  std::vector<std::string> headers;
  for (const StoredHeader& header : split(file, MailFormat::kMailbox)) {
    EXPECT_EQ(header.number, headers.size() + 1);
    headers.push_back(header.octets);
  }
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U}) {
    const auto again = split(file, MailFormat::kMailbox, piece);
    EXPECT_EQ(again.size(), headers.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
      EXPECT_EQ(again[i].octets, headers.at(i)) << "pieces of " << piece;
    }
  }
  return headers;
}

TEST(MailboxSplitter, AMessageBeginsAfterAnEmptyLineOnly) {
  EXPECT_EQ(headers_of("From a\nFrom: a\n\nbody\nFrom here on\n>From there\n\nFrom b\nFrom: b\n\n"),
            (Texts{"From: a\n\n", "From: b\n\n"}));
}

TEST(MailboxSplitter, LineEndsMayBeCrLfOrMixed) {
  EXPECT_EQ(headers_of("From a\r\nFrom: a\r\n\r\nbody\r\n\r\nFrom b\nFrom: b\r\n\nbody\n"),
            (Texts{"From: a\r\n\r\n", "From: b\r\n\n"}));
}

TEST(MailboxSplitter, AnEmptyBodyEndsWithTheNextSeparator) {
  EXPECT_EQ(headers_of("From a\nA: a\n\nFrom b\nB: b\n\n\nFrom c\nC: c\n\n"),
            (Texts{"A: a\n\n", "B: b\n\n", "C: c\n\n"}));
}

TEST(MailboxSplitter, ASeparatorWithinAHeaderIsALineOfIt) {
  EXPECT_EQ(headers_of("From a\nFrom b\nA: a\n\n"), (Texts{"From b\nA: a\n\n"}));
}

TEST(MailboxSplitter, WhatAMessageSaysOfItsLengthHidesNoOther) {
  EXPECT_EQ(headers_of("From a\nContent-Length: 9999\n\nbody\n\nFrom b\nFrom: Ada\n\n"),
            (Texts{"Content-Length: 9999\n\n", "From: Ada\n\n"}));
}

TEST(MailboxSplitter, AFileMayEndAnywhere) {
  EXPECT_EQ(headers_of("From a\nFrom: a"), (Texts{"From: a"}));
  EXPECT_EQ(headers_of("From a\n"), (Texts{""}));
  EXPECT_EQ(headers_of("From a"), (Texts{""}));
  EXPECT_EQ(headers_of("From a\nA: a\n\nbody\n\nFrom"), (Texts{"A: a\n\n"}));
  EXPECT_EQ(headers_of("From a\nA: a\n\nbody\n\nFrom "), (Texts{"A: a\n\n", ""}));
}

TEST(MailboxSplitter, WithoutASeparatorAtItsStartItIsNoMailbox) {
  EXPECT_TRUE(headers_of("").empty());
  EXPECT_TRUE(headers_of("Fro").empty());
  EXPECT_TRUE(headers_of("notes\n\nFrom the first day\n").empty());
  EXPECT_TRUE(headers_of("from a\nFrom: a\n\n").empty());
}

TEST(MailboxSplitter, NulAndBareCrAreOctetsLikeOthers) {
  using namespace std::string_literals;
  EXPECT_EQ(headers_of("From \0\nA: \0\r\r\n\r\nb\r\n\rFrom x\n\r\r\nFrom y\n\nFrom z\nZ: z\n\n"s),
            (Texts{"A: \0\r\r\n\r\n"s, "Z: z\n\n"}));
}

TEST(MailboxSplitter, ALongHeaderIsCutAndTheNextMessageFound) {
  const std::string file = "From a\nA: " + std::string(5 * kLimit, 'x') + "\n\n\nFrom b\nB: b\n\n" +
                           std::string(5 * kLimit, 'y') + "\n\nFrom " +
                           std::string(5 * kLimit, 'z') + "\nC: c\n\n";
  const auto headers = split(file, MailFormat::kMailbox, 100);
  ASSERT_EQ(headers.size(), 3U);
  EXPECT_EQ(headers[0].octets.size(), kLimit);
  EXPECT_TRUE(headers[0].is_cut);
  EXPECT_EQ(headers[1].octets, "B: b\n\n");
  EXPECT_FALSE(headers[1].is_cut);
  EXPECT_EQ(headers[2].octets, "C: c\n\n");
}

TEST(MailboxSplitter, AMessageHasOneHeaderWhateverItsBodyHolds) {
  for (const std::size_t piece : {1U, 4U, 1000U}) {
    const auto headers = split("A: a\n\nbody\n\nFrom b\nB: b\n\n", MailFormat::kMessage, piece);
    ASSERT_EQ(headers.size(), 1U);
    EXPECT_EQ(headers[0].octets, "A: a\n\n");
    EXPECT_EQ(headers[0].number, 0U);
  }
}

TEST(MailboxSplitter, ASeparatorBeforeAMessageIsPassedOver) {
  const auto headers = split("From a\nA: a\n\nbody\n\nFrom b\nB: b\n\n", MailFormat::kMessage, 3);
  ASSERT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers[0].octets, "A: a\n\n");
  EXPECT_EQ(headers[0].number, 0U);
}

TEST(MailboxSplitter, EitherIsToldByItsBeginning) {
  const auto mailbox = split("From a\nA: a\n\n\nFrom b\nB: b\n\n", MailFormat::kEither, 2);
  ASSERT_EQ(mailbox.size(), 2U);
  EXPECT_EQ(mailbox[1].number, 2U);
  const auto message = split("From: a\n\n\nFrom b\nB: b\n\n", MailFormat::kEither, 2);
  ASSERT_EQ(message.size(), 1U);
  EXPECT_EQ(message[0].octets, "From: a\n\n");
  EXPECT_EQ(split("A:", MailFormat::kEither).at(0).octets, "A:");
  EXPECT_TRUE(split("", MailFormat::kEither).empty());
}

TEST(MailboxSplitter, NothingIsReadBehindTheOnlyHeader) {
  MailboxSplitter splitter{MailFormat::kMessage, kLimit, [](StoredHeader&&) {}};
  splitter.feed("A: a\n");
  EXPECT_FALSE(splitter.is_done());
  splitter.feed("\nb");
  EXPECT_TRUE(splitter.is_done());
}

}  // namespace
}  // namespace gateway
