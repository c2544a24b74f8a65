// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_field_parser.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/finding.h"
#include "tests/gateway/message/reading.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace gateway {
namespace {

using namespace std::string_literals;

struct DefectCase {
  std::string value;
  std::string_view defects;
};

// GoogleTest names the case by it.
std::ostream& operator<<(std::ostream& out, const DefectCase& shown) {
  return out << policy::visible_text(shown.value);
}

class SenderFieldDefects : public testing::TestWithParam<DefectCase> {};

TEST_P(SenderFieldDefects, AreNamed) {
  EXPECT_EQ(words_of(read_from({GetParam().value}).defects), GetParam().defects)
      << GetParam().value;
}

INSTANTIATE_TEST_SUITE_P(
    None,
    SenderFieldDefects,
    testing::Values(DefectCase{"Jane Doe <jane@x.example>", ""},
                    DefectCase{"J. Doe <jane@x.example>", ""},
                    DefectCase{"\"Doe, \\\"Jane\\\"\" <jane@x.example>", ""},
                    DefectCase{"(a(b(c)d)e) jane@x.example (f)", ""},
                    DefectCase{"< jane @ x.example >", ""},
                    DefectCase{"\"jane doe\"@x.example", ""},
                    DefectCase{"Jane\r\n Doe <jane@x.example>", ""},
                    DefectCase{"=?utf-8*en?Q?Jane?= =?utf-8?B?RG9l?= <jane@x.example>", ""},
                    DefectCase{"Jürgen <j@bücher.example>", ""}));

INSTANTIATE_TEST_SUITE_P(
    Each,
    SenderFieldDefects,
    testing::Values(DefectCase{"Ann <a@x.example>, b@x.example", "several_mailboxes"},
                    DefectCase{"", "no_address"},
                    DefectCase{"Boss <>", "stray_syntax no_address"},
                    DefectCase{"Boss", "stray_syntax no_address"},
                    DefectCase{"<a@x.example><b@x.example>", "several_addresses"},
                    DefectCase{"<a@x.example@y.example>", "stray_syntax several_addresses"},
                    DefectCase{"<a@x.example\0.y.example>"s,
                               "control_character stray_syntax several_addresses"},
                    DefectCase{"Automated:;", "group no_address"},
                    DefectCase{"g:a@x.example;", "group"},
                    DefectCase{"<a@x.example>:b@x.example;",
                               "group stray_syntax several_addresses"},
                    DefectCase{"<@y.example:a@x.example>", "route"},
                    DefectCase{"\"Boss <a@x.example>", "unbalanced_quote"},
                    DefectCase{"Boss) <a@x.example>", "unbalanced_comment"},
                    DefectCase{"(Boss <a@x.example>", "unbalanced_comment"},
                    DefectCase{"Boss <a@x.example", "unbalanced_angle"},
                    DefectCase{"Boss a@x.example>", "unbalanced_angle stray_syntax"},
                    DefectCase{"<a@x.example> Boss", "text_after_address"},
                    DefectCase{"a@x.example Boss", "text_after_address"},
                    DefectCase{"Bo\x7fss <a@x.example>", "control_character stray_syntax"},
                    DefectCase{"\"Bo\rss\" <a@x.example>", "control_character"},
                    DefectCase{"=?utf-8?Q?Boss=0A?= <a@x.example>", "control_character"},
                    DefectCase{"Boss <a>", "no_domain"},
                    DefectCase{"Boss <a@>", "no_domain"},
                    DefectCase{"Boss <a@[192.0.2.1]>", "no_domain"},
                    DefectCase{"=?utf-8?Q?a?=@x.example", "encoded_address"}));

INSTANTIATE_TEST_SUITE_P(
    StraySyntax,
    SenderFieldDefects,
    testing::Values(DefectCase{"a..b@x.example", "stray_syntax"},
                    DefectCase{".a@x.example", "stray_syntax"},
                    DefectCase{"a@x.example.", "stray_syntax"},
                    DefectCase{"<a@x\t.example>", "stray_syntax"},
                    DefectCase{"<a@x.example(c)>", "stray_syntax"},
                    DefectCase{",a@x.example", "stray_syntax"},
                    DefectCase{"a@x.example,", "stray_syntax"},
                    DefectCase{"a@x.example;", "stray_syntax"},
                    DefectCase{"g:a@x.example", "group stray_syntax"},
                    DefectCase{"Boss; <a@x.example>", "stray_syntax"},
                    DefectCase{"Doe, Jane <a@x.example>", "stray_syntax"},
                    DefectCase{"Boss a@x.example", "stray_syntax"},
                    DefectCase{"[x] Boss <a@x.example>", "stray_syntax"},
                    DefectCase{"a@x.example <a@x.example>", "stray_syntax"},
                    DefectCase{"\"=?utf-8?Q?Boss?=\" <a@x.example>", "stray_syntax"},
                    DefectCase{"=?utf-8?Q?Jane Doe?= <a@x.example>", "stray_syntax"},
                    DefectCase{"Bo\xffss <a@x.example>", "stray_syntax"}));

TEST(SenderFieldDefectsOfFields, CountFields) {
  EXPECT_EQ(words_of(read_from({}).defects), "no_field");
  EXPECT_EQ(words_of(read_from({"a@x.example", "a@x.example"}).defects), "several_fields");
}

TEST(SenderFieldDefectsOfFields, KnowSpaceBeforeTheColon) {
  SenderFieldParser parser{policy::SenderFieldName::kFrom};
  parser.add("a@x.example", true);
  EXPECT_EQ(words_of(parser.finish().defects), "space_before_colon");
}

}  // namespace
}  // namespace gateway
