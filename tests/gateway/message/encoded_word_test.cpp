// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/encoded_word.h"

#include "policy/name/visible_text.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace gateway {
namespace {

using namespace std::string_literals;

struct DecodingCase {
  std::string_view octets;
  std::string text;
};

// GoogleTest names the case by it.
std::ostream& operator<<(std::ostream& out, const DecodingCase& shown) {
  return out << policy::visible_text(shown.octets);
}

class EncodedWords : public testing::TestWithParam<DecodingCase> {};

TEST_P(EncodedWords, DecodeAsMailClientsDo) {
  EXPECT_EQ(decode_encoded_words(GetParam().octets).text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Regular,
                         EncodedWords,
                         testing::Values(DecodingCase{"Jane Doe", "Jane Doe"},
                                         DecodingCase{"", ""},
                                         DecodingCase{"=?utf-8?Q?J=C3=BCrgen_Gro=C3=9F?=",
                                                      "Jürgen Groß"},
                                         DecodingCase{"=?UTF-8?B?Sm9obiBTbWl0aA==?=", "John Smith"},
                                         DecodingCase{"=?iso-8859-1?q?J=fcrgen?=", "Jürgen"},
                                         DecodingCase{"=?koi8-r?B?6dfBzg==?=", "Иван"},
                                         DecodingCase{"=?iso-2022-jp?B?GyRCOzNFRBsoQg==?=", "山田"},
                                         DecodingCase{"=?gb2312?B?zfXQocP3?=", "王小明"},
                                         DecodingCase{"=?utf-16be?B?AEIAbwBzAHM=?=", "Boss"},
                                         DecodingCase{"=?utf-7?Q?+AEI-oss?=", "Boss"}));

INSTANTIATE_TEST_SUITE_P(
    Neighbours,
    EncodedWords,
    testing::Values(DecodingCase{"=?utf-8?Q?John?= =?utf-8?Q?_Smith?=", "John Smith"},
                    DecodingCase{"=?utf-8?Q?John?=\r\n =?utf-8?Q?_Smith?=", "John Smith"},
                    DecodingCase{"=?utf-8?Q?John?==?utf-8?Q?_Smith?=", "John Smith"},
                    DecodingCase{"=?utf-8?B?Sm9obg==?= =?UTF-8?B?IFNtaXRo?=", "John Smith"},
                    DecodingCase{"=?utf-8?Q?=D0?= =?utf-8?Q?=92oss?=", "Вoss"},
                    DecodingCase{"=?utf-8?B?0A==?= =?utf-8*en?Q?=92oss?=", "Вoss"},
                    DecodingCase{"=?utf-8?Q?B?= =?koi8-r?Q?=CF?= =?utf-8?Q?ss?=", "Bоss"},
                    DecodingCase{"=?utf-8?Q?John?= Smith =?utf-8?Q?Jr?=", "John Smith Jr"}));

INSTANTIATE_TEST_SUITE_P(
    Irregular,
    EncodedWords,
    testing::Values(DecodingCase{"x=?utf-8?Q?John?=y", "xJohny"},
                    DecodingCase{"=?us-ascii*en-GB?Q?John?=", "John"},
                    DecodingCase{"=?utf-8?B?Sm9obiBTbWl0aA?=", "John Smith"},
                    DecodingCase{"=?utf-8?B?Sm9obg==IFNtaXRo?=", "John Smith"},
                    DecodingCase{"=?utf-8?B?Sm9o biBT\r\n bWl0aA==?=", "John Smith"},
                    DecodingCase{"=?utf-8?Q?John Smith?=", "John Smith"},
                    DecodingCase{"=?utf-8?Q?John?Smith?=", "John?Smith"},
                    DecodingCase{"=?utf-8?Q?Jo=hn=4?=", "Jo=hn=4"},
                    DecodingCase{"=?utf-8?Q?=41?=", "A"},
                    DecodingCase{"=?utf-8?Q?a=?=", "a="},
                    DecodingCase{"=?utf-8?Q?\?=", ""},
                    DecodingCase{"=??Q?John?=", "John"},
                    DecodingCase{"=?utf-8?Q?Boss=00evil?=", "Boss\0evil"s},
                    DecodingCase{"=?x-unknown?Q?J=C3=BCrgen?=", "Jürgen"},
                    DecodingCase{"=?x-unknown?Q?J=FCrgen?=", "Jürgen"},
                    DecodingCase{"=?utf-8?Q?J=FCrgen?=", "Jürgen"},
                    DecodingCase{"=?us-ascii?Q?J=C3=BCrgen?=", "Jürgen"},
                    DecodingCase{"=?iso-8859-1?Q?Sam_D=92Souza?=", "Sam D’Souza"},
                    DecodingCase{"J\xc3\xbcrgen", "Jürgen"},
                    DecodingCase{"J\xfcrgen", "Jürgen"},
                    DecodingCase{"=?utf-8?Q?=C3=BC?= \xfc", "ü ü"}));

INSTANTIATE_TEST_SUITE_P(NotEncoded,
                         EncodedWords,
                         testing::Values(DecodingCase{"=?utf-8?Q?John", "=?utf-8?Q?John"},
                                         DecodingCase{"=?utf-8?X?John?=", "=?utf-8?X?John?="},
                                         DecodingCase{"=?utf 8?Q?John?=", "=?utf 8?Q?John?="},
                                         DecodingCase{"=?utf-8?Q", "=?utf-8?Q"},
                                         DecodingCase{"=?", "=?"},
                                         DecodingCase{"=?=?=?", "=?=?=?"},
                                         DecodingCase{"=?utf-8?Q?John =?utf-8?Q?Smith?=",
                                                      "=?utf-8?Q?John Smith"}));

TEST(DecodeEncodedWords, ReadsNeighboursSinglyWhenAsked) {
  const auto joined = decode_encoded_words("=?utf-7?Q?+AEI?= =?utf-7?Q?oss?=");
  EXPECT_TRUE(joined.has_neighbours);
  EXPECT_NE(joined.text, "Boss");
  EXPECT_EQ(decode_encoded_words("=?utf-7?Q?+AEI?= =?utf-7?Q?oss?=", WordReading::kSingly).text,
            "Boss");
}

TEST(DecodeEncodedWords, ReplacesWrongOctetsWhenAsked) {
  const auto text = "=?utf-8?Q?John_Smith=FF?="s;
  EXPECT_FALSE(decode_encoded_words(text).is_exact);
  EXPECT_EQ(decode_encoded_words(text, WordReading::kReplacing).text, "John Smith\uFFFD");
  EXPECT_EQ(decode_encoded_words("John Smith\xff", WordReading::kReplacing).text,
            "John Smith\uFFFD");
}

TEST(DecodeEncodedWords, SaysWhatItFound) {
  const auto plain = decode_encoded_words("Jane Doe");
  EXPECT_EQ(plain.words, 0U);
  EXPECT_TRUE(plain.is_exact);
  EXPECT_FALSE(plain.has_neighbours);
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?= b =?utf-8?Q?c?=").words, 2U);
}

}  // namespace
}  // namespace gateway
