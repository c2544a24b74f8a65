// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/charset.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace policy {
namespace {

using namespace std::string_literals;

TEST(Charset, ReadsWhatTheLabelNames) {
  EXPECT_EQ(to_utf8("J\xfcrgen", "ISO-8859-1"), "Jürgen");
  EXPECT_EQ(to_utf8("\xe9\xd7\xc1\xce", "koi8-r"), "Иван");
  EXPECT_EQ(to_utf8("J\xc3\xbcrgen", "UTF-8"), "Jürgen");
  EXPECT_EQ(to_utf8("\0B\0o"s, "utf-16be"), "Bo");
  EXPECT_EQ(to_utf8("\xff\xfe"
                    "B\0o\0"s,
                    "utf-16"),
            "Bo");
  EXPECT_EQ(to_utf8("+AEI-oss", "utf-7"), "Boss");
  EXPECT_EQ(to_utf8("\x1b$B;3ED\x1b(B", "ISO-2022-JP"), "山田");
  EXPECT_EQ(to_utf8("", "koi8-r"), "");
  EXPECT_EQ(to_utf8("a\0b"s, "utf-8"), "a\0b"s);
}

TEST(Charset, ReadsC1OctetsAsMailClientsDo) {
  EXPECT_EQ(to_utf8("D\x92Souza", "iso-8859-1"), "D’Souza");
  EXPECT_EQ(to_utf8("D\x92Souza", "us-ascii"), "D’Souza");
}

TEST(Charset, FallsBackToUtf8ThenLatin1) {
  EXPECT_EQ(decode_charset("x", "x-unknown"), std::nullopt);
  EXPECT_EQ(decode_charset("x", ""), std::nullopt);
  EXPECT_EQ(decode_charset("x", "utf-8\0"s), std::nullopt);
  EXPECT_EQ(decode_charset("\xff", "utf-8"), std::nullopt);
  EXPECT_EQ(decode_charset("\x82", "shift_jis"), std::nullopt);
  EXPECT_EQ(to_utf8("J\xc3\xbcrgen", "x-unknown"), "Jürgen");
  EXPECT_EQ(to_utf8("J\xfcrgen", "x-unknown"), "Jürgen");
  EXPECT_EQ(to_utf8("J\xfcrgen", "utf-8"), "Jürgen");
  EXPECT_EQ(to_utf8("J\xc3\xbcrgen", "us-ascii"), "Jürgen");
  EXPECT_EQ(raw_to_utf8("\xc3\xbc \xfc"), "Ã¼ ü");
}

TEST(Charset, ReplacesWrongOctetsWhenAsked) {
  EXPECT_EQ(to_utf8_replacing("Smith\xff", "utf-8"), "Smith\uFFFD");
  EXPECT_EQ(to_utf8_replacing("Smith\xff", "x-unknown"), "Smith\uFFFD");
  EXPECT_EQ(to_utf8_replacing("\xC1\x93mith\xC1", "utf-8"), "Smith\uFFFD");
  EXPECT_EQ(to_utf8_replacing("Smith\x82", "shift_jis"), "Smith\uFFFD");
}

TEST(Charset, AlwaysGivesUtf8) {
  std::string octets;
  for (int c = 0; c < 256; ++c) {
    octets += static_cast<char>(c);
  }
  for (const std::string_view charset : {"utf-7",
                                         "utf-16",
                                         "utf-32",
                                         "gb18030",
                                         "big5",
                                         "euc-kr",
                                         "iso-2022-kr",
                                         "hz-gb-2312",
                                         "cesu-8",
                                         "scsu",
                                         "bocu-1",
                                         "ibm-37",
                                         "x-unknown",
                                         "us-ascii",
                                         "utf8"}) {
    EXPECT_TRUE(is_utf8(to_utf8(octets, charset))) << charset;
    EXPECT_TRUE(is_utf8(to_utf8_replacing(octets, charset))) << charset;
  }
}

TEST(Charset, IsSafeToUseFromSeveralThreads) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 500; ++round) {
        EXPECT_EQ(to_utf8("\xe9\xd7\xc1\xce", "koi8-r"), "Иван");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace policy
