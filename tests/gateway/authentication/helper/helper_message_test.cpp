// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_message.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

TEST(HelperMessage, ComesThroughAsItWent) {
  DnsAnswer answer;
  answer.status = DnsStatus::kFound;
  answer.texts = {"v=spf1 -all", std::string("\0x", 2)};
  answer.addresses = {policy::parse_ip_address("192.0.2.1").value(),
                      policy::parse_ip_address("2001:db8::1").value()};
  answer.names = {"t1.spf.invalid"};
  const auto read = decode_dns_answer(encoded(answer));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->texts, answer.texts);
  EXPECT_EQ(read->addresses, answer.addresses);
  EXPECT_EQ(read->names, answer.names);

  DkimFacts facts;
  facts.domain = "contoso.example";
  facts.is_verified = true;
  facts.key_bits = 2048;
  const auto report = decode_dkim_report(encoded(std::vector{facts}));
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->front().domain, "contoso.example");
  EXPECT_TRUE(report->front().is_verified);
  EXPECT_FALSE(report->front().is_test_key);
  EXPECT_EQ(report->front().key_bits, 2048U);
}

TEST(HelperMessage, CutShortOrTooLongIsNone) {
  DkimFacts facts;
  facts.domain = "contoso.example";
  const std::string whole = encoded(std::vector{facts});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_dkim_report(std::string_view{whole}.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(decode_dkim_report(whole + '\0').has_value());
}

TEST(HelperMessage, AResultThatIsNoneIsNone) {
  EXPECT_EQ(decode_spf_report(encoded(SpfResult::kPass)), SpfResult::kPass);
  EXPECT_EQ(decode_spf_report("\x07"), std::nullopt);
  EXPECT_EQ(decode_spf_report(""), std::nullopt);
  EXPECT_EQ(decode_spf_question("\x01\x63"), std::nullopt);
  EXPECT_EQ(decode_dmarc_report("\x02"), std::nullopt);
}

TEST(HelperMessage, ItsLengthIsBounded) {
  const std::string frame =
      framed({.kind = HelperMessageKind::kSpfReport, .content = std::string(300, 'x')});
  const auto prefix = parse_helper_prefix(frame, kLongestFromHelper);
  ASSERT_TRUE(prefix.has_value());
  EXPECT_EQ(prefix->content_octets, 300U);
  EXPECT_EQ(parse_helper_prefix(frame, 299), std::nullopt);
  EXPECT_EQ(parse_helper_prefix("\xFF\xFF\xFF\xFF\x42", kLongestFromHelper), std::nullopt);
  EXPECT_EQ(parse_helper_prefix(std::string_view{"\0\0\0\0\x63", 5}, 10), std::nullopt);
}

}  // namespace
}  // namespace gateway
