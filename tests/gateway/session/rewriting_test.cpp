// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/rewriting.h"

#include "policy/verdict/sender_field.h"
#include "tests/gateway/message/reading.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

std::string exposed(std::string_view from) {
  return exposed_value(read_from({from}));
}

// Whether a field with the value ends where it should: ASCII without control characters, in lines
// of a legal length, each but the first beginning with white space.
bool is_one_field(const std::string& value) {
  constexpr std::size_t kLineOctets = 998;
  std::size_t line = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    line = c == '\n' ? 0 : line + 1;
    const bool folds = c == '\n' && i + 1 < value.size() && value[i + 1] == ' ';
    if ((c < ' ' && !folds && c != '\t') || c > '~' || line > kLineOctets - 24) {
      return false;
    }
  }
  return true;
}

TEST(ExposedValue, ShowsTheAddressInTheName) {
  EXPECT_EQ(exposed("Ada Lovelace <ada@freemail.example>"),
            "\"Ada Lovelace (ada@freemail.example)\"\n <ada@freemail.example>");
  EXPECT_EQ(exposed("ada@freemail.example (Ada Lovelace)"),
            "\"Ada Lovelace (ada@freemail.example)\"\n <ada@freemail.example>");
  EXPECT_EQ(exposed("ada@freemail.example"), "<ada@freemail.example>");
  EXPECT_EQ(exposed("=?utf-8?q?Zo=C3=AB?= <z@freemail.example>"),
            "=?utf-8?q?Zo=C3=AB_=28z=40freemail=2Eexample=29?=\n <z@freemail.example>");
}

TEST(ExposedValue, ShowsEveryMailbox) {
  EXPECT_EQ(exposed("Ada <a@one.example>, Bob <b@two.example>"),
            "\"Ada (a@one.example)\"\n <a@one.example>,\n \"Bob (b@two.example)\"\n "
            "<b@two.example>");
}

TEST(ExposedValue, KeepsLongNamesFromHidingTheAddress) {
  const std::string value = exposed(std::string(300, 'x') + " <a@one.example>");
  EXPECT_EQ(value, '"' + std::string(64, 'x') + "... (a@one.example)\"\n <a@one.example>");
}

TEST(ExposedValue, WritesNoAddressThatIsNone) {
  for (const std::string_view from : {std::string_view{""},
                                      std::string_view{"Ada Lovelace"},
                                      std::string_view{"Ada <a b@>"},
                                      std::string_view{"Ada <\xC3\xA4@one.example>"}}) {
    EXPECT_TRUE(exposed(from).ends_with("\n <unknown@sender.invalid>")) << exposed(from);
  }
  EXPECT_TRUE(exposed("Ada <\"a b\"@one.example>").ends_with("\n <\"a b\"@one.example>"));
  EXPECT_TRUE(exposed("Ada <a@b\xC3\xBC"
                      "cher.example>")
                  .ends_with("\n <a@xn--bcher-kva.example>"))
      << exposed(
             "Ada <a@b\xC3\xBC"
             "cher.example>");
}

TEST(ExposedValue, IsOneFieldWhateverTheNameHolds) {
  for (const std::string& name : {std::string{"=?utf-8?q?Ada=0D=0ABcc:_x=40y.example?="},
                                  std::string{"=?utf-8?q?Ada=00Lovelace?="},
                                  std::string{"=?utf-8?q?Ada=E2=80=AEecalevoL?="},
                                  std::string{"\"Ada\\\" <x@y.example>, \\\"\""},
                                  std::string{"Ada \xFF\xFE Lovelace"},
                                  "=?utf-8?b?" + std::string(4000, 'Q') + "?="}) {
    const std::string value = exposed(name + " <ada@freemail.example>");
    EXPECT_TRUE(is_one_field(value)) << value;
    EXPECT_TRUE(value.ends_with("<ada@freemail.example>")) << value;
  }
}

TEST(PrefixedSubject, StandsBeforeTheSubjectOnce) {
  EXPECT_EQ(prefixed_subject("[!]", "Invoice"), "[!] Invoice");
  EXPECT_EQ(prefixed_subject("[!]", "[!] Invoice"), "[!] Invoice");
  EXPECT_EQ(prefixed_subject("[!]", ""), "[!] ");
  EXPECT_EQ(prefixed_subject("[!]", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="),
            "[!] =?utf-8?q?Gr=C3=BC=C3=9Fe?=");
  EXPECT_EQ(prefixed_subject("[Prüfen]", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="),
            "=?utf-8?q?=5BPr=C3=BCfen=5D_?= =?utf-8?q?Gr=C3=BC=C3=9Fe?=");
  EXPECT_EQ(prefixed_subject("[!]", "Invoice\n of May"), "[!] Invoice\n of May");
}

TEST(PrefixedSubject, IsOneFieldWhateverTheSubjectHolds) {
  for (const std::string& subject : {std::string{"Invoice\r\nBcc: x@y.example"},
                                     std::string{"Invoice\nBcc: x@y.example"},
                                     std::string{"Invoice\n"},
                                     std::string{"Gr\xC3\xBC\xC3\x9F"
                                                 "e"},
                                     std::string{"\xFF\xFE"},
                                     std::string(5000, 'x'),
                                     std::string(950, 'x')}) {
    EXPECT_TRUE(is_one_field(prefixed_subject("[!]", subject))) << subject.substr(0, 100);
    EXPECT_TRUE(is_one_field(kept_value(subject))) << subject.substr(0, 100);
  }
}

TEST(KeptValue, IsTheValueAsItWasWhereThatIsSafe) {
  const std::string_view value = "\"Lovelace, Ada\"\n\t<ada@freemail.example>";
  EXPECT_EQ(kept_value(value), value);
}

TEST(AddressListValues, AreOfLegalLengthAndListEveryAddress) {
  EXPECT_EQ(address_list_values({"a@x.example", "b@x.example"}),
            std::vector<std::string>{"a@x.example,\n b@x.example"});
  EXPECT_TRUE(address_list_values({}).empty());
  const std::vector<std::string> many(2000, "somebody@contoso.com");
  const auto values = address_list_values(many);
  EXPECT_EQ(values.size(), 12U);
  std::size_t addresses = 0;
  for (const std::string& value : values) {
    EXPECT_TRUE(is_one_field(value));
    EXPECT_LE(value.size(), 4096U);
    addresses += static_cast<std::size_t>(std::ranges::count(value, '@'));
  }
  EXPECT_EQ(addresses, 2000U);
  EXPECT_TRUE(is_one_field(address_list_values({"a\r\nBcc: x@y.example"}).front()));
}

}  // namespace
}  // namespace gateway
