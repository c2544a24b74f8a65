// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/plain_mailbox.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_list.h"
#include "policy/name/charset.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace gateway {
namespace {

constexpr std::array<std::string_view, 32> kPieces{"<",
                                                   ">",
                                                   ",",
                                                   ";",
                                                   ":",
                                                   "@",
                                                   "\"",
                                                   "(",
                                                   ")",
                                                   "\\",
                                                   " ",
                                                   "\t",
                                                   "\r\n ",
                                                   "\n ",
                                                   "\r",
                                                   ".",
                                                   "[",
                                                   "]",
                                                   "John",
                                                   "Smith",
                                                   "x@y.example",
                                                   "?=",
                                                   "=?",
                                                   "_",
                                                   "=?utf-8?Q?",
                                                   "=?utf-7?B?",
                                                   "=?utf-8?B?Sm9obg==?=",
                                                   "=?koi8-r?Q?=CF?=",
                                                   "=00",
                                                   "\xc3",
                                                   "\xff",
                                                   "\xe2\x80\x8b"};

constexpr std::array<std::string_view, 12> kPlainPieces{
    "Jane", "Doe", " ", "\"", "<j@x.example>", "<", ">", "j@x.example", ".", "'", ",", "=?"};

constexpr SenderFieldLimits kTight{.octets = 48,
                                   .fields = 2,
                                   .mailboxes = 2,
                                   .comment_depth = 1,
                                   .phrase_characters = 8,
                                   .texts = 6};

// Fields made of the pieces that a parser stumbles over, and of any octet.
class FieldGenerator {
 public:
  [[nodiscard]] std::string next() {
    std::string field;
    for (std::size_t left = random_() % 24; left > 0; --left) {
      const std::size_t choice = random_() % (kPieces.size() + 2);
      field += choice < kPieces.size() ? std::string{kPieces.at(choice)}
                                       : std::string(1, static_cast<char>(random_() % 256));
    }
    return field;
  }

 private:
  std::mt19937 random_{20260101};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same fields each run
};

void expect_sound(const policy::SenderField& field, const std::string& value) {
  for (const policy::VisibleIdentity& identity : field.identities) {
    EXPECT_TRUE(policy::is_utf8(identity.text)) << value;
    EXPECT_FALSE(identity.text.empty()) << value;
    EXPECT_FALSE(identity.text.starts_with(' ') || identity.text.ends_with(' ')) << value;
    EXPECT_EQ(identity.text.find("  "), std::string::npos) << value;
    EXPECT_TRUE(identity.mailbox == policy::VisibleIdentity::kNoMailbox ||
                identity.mailbox < field.mailboxes.size())
        << value;
  }
  EXPECT_TRUE(policy::is_utf8(field.beyond_limits)) << value;
  EXPECT_EQ(field.limits.empty(), field.beyond_limits.empty()) << value;
}

TEST(SenderFieldParser, SurvivesAnyOctets) {
  FieldGenerator fields;
  for (int i = 0; i < 20'000; ++i) {
    const std::string value = fields.next();
    expect_sound(read_from({value}), value);
  }
}

TEST(SenderFieldParser, ReportsEveryLimitItMeets) {
  FieldGenerator fields;
  for (int i = 0; i < 10'000; ++i) {
    const std::string value = fields.next();
    const policy::SenderField field = read_from({value}, kTight);
    EXPECT_LE(field.mailboxes.size(), kTight.mailboxes) << value;
    EXPECT_LE(field.identities.size(), kTight.texts) << value;
    const policy::SenderField whole = read_from({value});
    if (field.limits.empty()) {
      EXPECT_EQ(mailboxes_of(field), mailboxes_of(whole)) << value;
      EXPECT_EQ(identities_of(field), identities_of(whole)) << value;
    }
  }
}

TEST(SenderFieldParser, ReadsAPlainFieldAlikeBothWays) {
  std::mt19937 random{20260102};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same fields each run
  int plain_fields = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string value;
    for (std::size_t left = random() % 7; left > 0; --left) {
      value += kPlainPieces.at(random() % kPlainPieces.size());
    }
    if (!read_plain_mailbox(value, 512).has_value()) {
      continue;
    }
    ++plain_fields;
    SenderFieldBuilder builder{policy::SenderFieldName::kFrom, SenderFieldLimits{}};
    read_sender_list(value, builder);
    const policy::SenderField quick = read_from({value});
    EXPECT_EQ(mailboxes_of(quick), mailboxes_of(builder.field())) << value;
    EXPECT_EQ(identities_of(quick), identities_of(builder.field())) << value;
    EXPECT_EQ(words_of(quick.defects), words_of(builder.field().defects)) << value;
  }
  EXPECT_GT(plain_fields, 1000);
}

}  // namespace
}  // namespace gateway
