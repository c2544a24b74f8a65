// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_field_parser.h"

#include "gateway/message/plain_mailbox.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_list.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using namespace std::string_literals;

struct ReadingCase {
  std::string value;
  std::string_view mailboxes;
  std::string_view identities;
};

// GoogleTest names the case by it.
std::ostream& operator<<(std::ostream& out, const ReadingCase& shown) {
  return out << policy::visible_text(shown.value);
}

class SenderFieldReading : public testing::TestWithParam<ReadingCase> {};

TEST_P(SenderFieldReading, ShowsEachAddressAndText) {
  const policy::SenderField field = read_from({GetParam().value});
  EXPECT_EQ(mailboxes_of(field), GetParam().mailboxes) << GetParam().value;
  EXPECT_EQ(identities_of(field), GetParam().identities) << GetParam().value;
  EXPECT_EQ(words_of(field.limits), "");
  EXPECT_EQ(field.beyond_limits, "");
}

INSTANTIATE_TEST_SUITE_P(
    Ordinary,
    SenderFieldReading,
    testing::Values(
        ReadingCase{"jane@x.example", "jane@x.example", ""},
        ReadingCase{" <jane@x.example> ", "jane@x.example", ""},
        ReadingCase{"Jane Doe <jane@x.example>", "jane@x.example*", "phrase#0=Jane Doe"},
        ReadingCase{"\"Jane  Doe\"<jane@x.example>", "jane@x.example*", "phrase#0=Jane Doe"},
        ReadingCase{"\"\" <jane@x.example>", "jane@x.example", ""},
        ReadingCase{"'Jane Doe' <jane@x.example>", "jane@x.example*", "phrase#0='Jane Doe'"},
        ReadingCase{"\"Smith, John\" <x@y.example>", "x@y.example*", "phrase#0=Smith, John"},
        ReadingCase{"Jane\r\n Doe\r\n\t<jane@x.example>", "jane@x.example*", "phrase#0=Jane Doe"},
        ReadingCase{"Jane\n\tDoe <jane@x.example>", "jane@x.example*", "phrase#0=Jane Doe"},
        ReadingCase{
            "Jane \"von\" Doe <jane@x.example>", "jane@x.example*", "phrase#0=Jane von Doe"},
        ReadingCase{"J\"o\"hn Smith <jane@x.example>", "jane@x.example*", "phrase#0=John Smith"},
        ReadingCase{R"("\"John Smith\"" <x@y.example>)", "x@y.example*", "phrase#0=\"John Smith\""},
        ReadingCase{R"("J\ohn S\mith" <x@y.example>)", "x@y.example*", "phrase#0=John Smith"},
        ReadingCase{
            "John Smith\u200b <x@y.example>", "x@y.example*", "phrase#0=John Smith\u200b"}));

INSTANTIATE_TEST_SUITE_P(
    Comments,
    SenderFieldReading,
    testing::Values(
        ReadingCase{"x@y.example (John Smith)", "x@y.example", "comment#0=John Smith"},
        ReadingCase{"<x@y.example> (John Smith)", "x@y.example", "comment#0=John Smith"},
        ReadingCase{"(a(b\\)c)d) x@y.example", "x@y.example", "comment#0=a(b)c)d"},
        ReadingCase{"John (the boss) <x@y.example>",
                    "x@y.example*",
                    "phrase#0=John | comment#0=the boss | phrase_and_comment#0=John the boss"},
        ReadingCase{"(John) (Smith) x@y.example",
                    "x@y.example",
                    "comment#0=John | comment#0=Smith | comment#0=John Smith"},
        ReadingCase{"(=?utf-8?Q?John_Smith?=) x@y.example", "x@y.example", "comment#0=John Smith"},
        ReadingCase{"<x@y.example(.legit.example)>", "x@y.example", "comment#0=.legit.example"}));

INSTANTIATE_TEST_SUITE_P(
    SeveralTexts,
    SenderFieldReading,
    testing::Values(ReadingCase{"Smith, John <x@y.example>",
                                "x@y.example*",
                                "phrase#0=John | phrase#0=Smith | rejoined_phrase#0=Smith, John"},
                    ReadingCase{"John Smith; <x@y.example>", "x@y.example", "phrase#0=John Smith"},
                    ReadingCase{"<x@y.example>, John Smith", "x@y.example", "phrase#0=John Smith"},
                    ReadingCase{"Smith, John",
                                "<>*",
                                "phrase#0=Smith | phrase#0=John | rejoined_phrase#0=Smith, John"},
                    ReadingCase{"<x@y.example> John Smith", "x@y.example*", "phrase#0=John Smith"},
                    ReadingCase{"John <x@y.example> Smith",
                                "x@y.example*",
                                "phrase#0=John | phrase#0=Smith | phrase#0=John Smith"},
                    ReadingCase{"John Smith x@y.example",
                                "x@y.example*",
                                "phrase#0=John Smith | phrase#0=John Smith x@y.example"},
                    ReadingCase{"Ann <a@x.example>, Bob <b@x.example>",
                                "a@x.example* b@x.example*",
                                "phrase#0=Ann | phrase#1=Bob"}));

INSTANTIATE_TEST_SUITE_P(
    Groups,
    SenderFieldReading,
    testing::Values(ReadingCase{"Automated:;", "", "group_name#-=Automated"},
                    ReadingCase{"John Smith: x@y.example;",
                                "x@y.example",
                                "group_name#-=John Smith | rejoined_phrase#0=John Smith"},
                    ReadingCase{
                        "<eve@attacker.test>:<john@example.com>;",
                        "eve@attacker.test john@example.com",
                        "group_name#-=<eve@attacker.test> | rejoined_phrase#1=<eve@attacker.test>"},
                    ReadingCase{"g:Ann <a@x.example>,b@x.example;",
                                "a@x.example* b@x.example",
                                "group_name#-=g | phrase#0=Ann | rejoined_phrase#0=g: Ann"}));

INSTANTIATE_TEST_SUITE_P(
    SeveralAddresses,
    SenderFieldReading,
    testing::Values(
        ReadingCase{"<a@x.example>b@y.example", "a@x.example* b@y.example", "phrase#0=b@y.example"},
        ReadingCase{"<a@x.example><b@y.example>", "b@y.example a@x.example", ""},
        ReadingCase{"John a@x.example <b@y.example>",
                    "b@y.example* a@x.example",
                    "phrase#0=John a@x.example"},
        ReadingCase{"a@x.example <a@X.example>", "a@X.example*", "phrase#0=a@x.example"},
        ReadingCase{"'a@x.example' <a@x.example>", "a@x.example*", "phrase#0='a@x.example'"},
        ReadingCase{"a@x.example- home <b@y.example>",
                    "b@y.example* a@x.example",
                    "phrase#0=a@x.example- home"},
        ReadingCase{"<a@x.example@y.example>",
                    "a@x.example@y.example a@x.example",
                    "local_part#0=a@x.example"},
        ReadingCase{"<a@x.example:b@y.example>", "b@y.example a@x.example", ""},
        ReadingCase{"Eve <@x.example,@y.example:e@z.example>", "e@z.example*", "phrase#0=Eve"},
        ReadingCase{"<a@x.example\0.y.example>"s, "a@x.example\\0.y.example a@x.example", ""}));

INSTANTIATE_TEST_SUITE_P(
    Addresses,
    SenderFieldReading,
    testing::Values(
        ReadingCase{"\"john.smith\"@x.example", "john.smith@x.example", ""},
        ReadingCase{"<\"john \\\"q\\\" smith\"@x.example>",
                    "john \"q\" smith@x.example",
                    "local_part#0=john \"q\" smith"},
        ReadingCase{"< John . Smith @ X.example >", "John.Smith@X.example", ""},
        ReadingCase{"ada @ x.example", "ada@x.example", ""},
        ReadingCase{
            "john(c)@(d)x.example", "john@x.example", "comment#0=c | comment#0=d | comment#0=c d"},
        ReadingCase{"JohnSmith(c)eve@x.example",
                    "eve@x.example*",
                    "phrase#0=JohnSmith | comment#0=c | phrase_and_comment#0=JohnSmith c | "
                    "phrase#0=JohnSmith eve@x.example"},
        ReadingCase{"<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", ""},
        ReadingCase{"<admin>", "admin", ""},
        ReadingCase{"Boss <>", "<>*", "phrase#0=Boss"},
        ReadingCase{"=?utf-8?Q?boss=40x.example?=@y.example",
                    "=?utf-8?Q?boss=40x.example?=@y.example",
                    "local_part#0=boss@x.example | local_part#0=boss@x.example@y.example"}));

INSTANTIATE_TEST_SUITE_P(
    Broken,
    SenderFieldReading,
    testing::Values(
        ReadingCase{"\"Unterminated <x@y.example>",
                    "x@y.example*",
                    "phrase#0=Unterminated | phrase#0=Unterminated <x@y.example>"},
        ReadingCase{"Boss\" <x@y.example>",
                    "x@y.example*",
                    "phrase#0=Boss | phrase#0=<x@y.example> | phrase#0=Boss <x@y.example>"},
        ReadingCase{"John (Smith <x@y.example>",
                    "x@y.example*",
                    "phrase#0=John Smith | phrase#0=Smith <x@y.example> | "
                    "phrase#0=John Smith <x@y.example>"},
        ReadingCase{"John Smith <x@y.example", "x@y.example*", "phrase#0=John Smith"},
        ReadingCase{"John Smith <x@y.example, Bob <b@y.example>",
                    "x@y.example* b@y.example*",
                    "phrase#0=John Smith | phrase#1=Bob"},
        ReadingCase{
            "Boss x@y.example>", "x@y.example*", "phrase#0=Boss | phrase#0=Boss x@y.example>"},
        ReadingCase{"John) Smith <x@y.example>", "x@y.example*", "phrase#0=John Smith"},
        ReadingCase{"", "", ""},
        ReadingCase{"<", "", ""},
        ReadingCase{"John Smith：<x@y.example>", "x@y.example*", "phrase#0=John Smith："}));

INSTANTIATE_TEST_SUITE_P(
    SeveralReadings,
    SenderFieldReading,
    testing::Values(
        ReadingCase{"John\0 Smith <x@y.example>"s,
                    "x@y.example*",
                    "phrase#0=John\\0 Smith | phrase#0=John"},
        ReadingCase{"=?utf-8?Q?Boss=00evil?= <x@y.example>",
                    "x@y.example*",
                    "phrase#0=Boss\\0evil | phrase#0=Boss"},
        ReadingCase{"\"=?utf-8?B?Qm9zcw==?=\" <x@y.example>",
                    "x@y.example*",
                    "phrase#0=Boss | phrase#0==?utf-8?B?Qm9zcw==?="},
        ReadingCase{"=?utf-8?B?PT91dGYtOD9CP1FtOXpjdz09Pz0=?= <x@y.example>",
                    "x@y.example*",
                    "phrase#0==?utf-8?B?Qm9zcw==?= | phrase#0=Boss"},
        ReadingCase{"=?utf-8?Q?=D0?= =?utf-8?Q?=92oss?= <x@y.example>",
                    "x@y.example*",
                    "phrase#0=Вoss | phrase#0=Ð’oss"},
        ReadingCase{"=?utf-8?Q?John_Smith=FF?= <x@y.example>",
                    "x@y.example*",
                    "phrase#0=John Smithÿ | phrase#0=John Smith\uFFFD"},
        ReadingCase{
            "J\xfcrgen <x@y.example>", "x@y.example*", "phrase#0=Jürgen | phrase#0=J\uFFFDrgen"},
        ReadingCase{"=?utf-8?Q?John_<e@z.example>?= <x@y.example>",
                    "x@y.example* e@z.example",
                    "phrase#0=John <e@z.example> | phrase#0==?utf-8?Q?John_ | phrase#0=?= | "
                    "phrase#0=John"}));

TEST(SenderFieldParser, JoinsAllOccurrences) {
  const policy::SenderField field = read_from({"Ann <a@x.example>", "", "Bob <b@x.example>"});
  EXPECT_EQ(field.field_count, 3U);
  EXPECT_EQ(mailboxes_of(field), "a@x.example* b@x.example*");
  EXPECT_EQ(identities_of(field), "phrase#0=Ann | phrase#1=Bob");
}

TEST(SenderFieldParser, KeepsTheNameOfTheField) {
  SenderFieldParser parser{policy::SenderFieldName::kReplyTo};
  parser.add("a@x.example", false);
  EXPECT_EQ(parser.finish().name, policy::SenderFieldName::kReplyTo);
}

TEST(PlainMailbox, IsReadAsTheFullReaderReadsIt) {
  const std::vector<std::string> values{"jane@x.example",
                                        "\t<jane@x.example> ",
                                        "Jane Doe <jane@x.example>",
                                        "J. R.  Doe<jane+tag@x.example>",
                                        "\"Doe, Jane (Sales) <x@y>; :\" <jane@x.example>",
                                        "\"\" <jane@x.example>"};
  for (const std::string& value : values) {
    ASSERT_TRUE(read_plain_mailbox(value, 512).has_value()) << value;
    const policy::SenderField quick = read_from({value});
    SenderFieldBuilder builder{policy::SenderFieldName::kFrom, SenderFieldLimits{}};
    read_sender_list(value, builder);
    EXPECT_EQ(mailboxes_of(quick), mailboxes_of(builder.field())) << value;
    EXPECT_EQ(identities_of(quick), identities_of(builder.field())) << value;
    EXPECT_EQ(words_of(builder.field().defects), "") << value;
  }
}

TEST(PlainMailbox, LeavesEverythingElseAlone) {
  for (const std::string_view value : {"",
                                       "Jane",
                                       "<>",
                                       "jane@x.example>",
                                       "Jane <jane>",
                                       "Jane <a@b@c.example>",
                                       "Jane <.a@b.example>",
                                       "Jane <a@b.example.>",
                                       "Jane (x) <a@b.example>",
                                       "Jane, X <a@b.example>",
                                       "Jane\n X <a@b.example>",
                                       "\ra@b.example",
                                       R"("J\ane" <a@b.example>)",
                                       "\"Jane <a@b.example>",
                                       "Jane <x@y.example> <a@b.example>",
                                       "=?utf-8?Q?Jane?= <a@b.example>",
                                       "J\xc3\xa4ne <a@b.example>"}) {
    EXPECT_FALSE(read_plain_mailbox(value, 512).has_value()) << value;
  }
}

}  // namespace
}  // namespace gateway
