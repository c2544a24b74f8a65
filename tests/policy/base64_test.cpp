// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/base64.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace policy {
namespace {

TEST(Base64UrlTest, WritesTheAlphabetForUrlsWithoutPadding) {
  EXPECT_EQ(encode_base64url(""), "");
  EXPECT_EQ(encode_base64url("f"), "Zg");
  EXPECT_EQ(encode_base64url("fo"), "Zm8");
  EXPECT_EQ(encode_base64url("foo"), "Zm9v");
  EXPECT_EQ(encode_base64url("\xFB\xFF\xFE"), "-__-");
}

TEST(Base64UrlTest, ReadsBackWhatItWrites) {
  std::string octets;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(decode_base64url(encode_base64url(octets)).value(), octets);
    octets += static_cast<char>(i * 7);
  }
}

TEST(Base64UrlTest, RefusesOtherAlphabetsAndLengths) {
  for (const char* text : {"Zg==", "-_+/", "A", "AAAAA", "A A", "A\nA"}) {
    EXPECT_FALSE(decode_base64url(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace policy
