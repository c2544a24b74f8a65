// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/visible_text.h"

#include <gtest/gtest.h>

#include <string_view>

namespace policy {
namespace {

using namespace std::string_view_literals;

TEST(VisibleText, ShowsWhatHides) {
  EXPECT_EQ(visible_text("Ada\r\nX: y"), "Ada\\u{D}\\u{A}X: y");
  EXPECT_EQ(visible_text("a\0b"sv), "a\\u{0}b");
  EXPECT_EQ(visible_text("a\u202Eb\u200Bc\u2800"), "a\\u{202E}b\\u{200B}c\\u{2800}");
  EXPECT_EQ(visible_text("a\u0085b\u2028c"), "a\\u{85}b\\u{2028}c");
  EXPECT_EQ(visible_text("a\xff\xc3"), "a\\xFF\\xC3");
}

TEST(VisibleText, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(visible_text("Jürgen Groß <j@x.example> 王小明"), "Jürgen Groß <j@x.example> 王小明");
  EXPECT_EQ(visible_ascii("Jürgen"), "J\\u{FC}rgen");
}

}  // namespace
}  // namespace policy
