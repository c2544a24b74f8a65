// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/results/authentication_results_field.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/verdict/authentication.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace gateway {
namespace {

using Dmarc = policy::AuthenticationResults::Dmarc;

AuthenticationOutcome outcome() {
  AuthenticationOutcome all;
  all.from_domain = "contoso.example";
  all.spf = SpfResult::kSoftFail;
  all.dkim = {{.domain = "contoso.example",
               .selector = "s1",
               .result = DkimResult::kPass,
               .is_aligned = true}};
  all.dmarc = DmarcResult::kPass;
  all.dmarc_policy = policy::DmarcPolicy::kReject;
  return all;
}

TEST(AuthenticationResultsField, SaysWhatWasWorkedOut) {
  EXPECT_EQ(authentication_results_value("mx.example.net", outcome(), "ada@contoso.example", "h"),
            "mx.example.net;\n"
            "\tspf=softfail smtp.mailfrom=ada@contoso.example;\n"
            "\tdkim=pass header.d=contoso.example header.s=s1;\n"
            "\tdmarc=pass header.from=contoso.example policy.published=reject");
}

TEST(AuthenticationResultsField, SaysThatNothingWas) {
  EXPECT_EQ(authentication_results_value("mx.example.net", {}, "a@b.example", "h"),
            "mx.example.net; none");
}

TEST(AuthenticationResultsField, NamesHeloForTheNullReversePath) {
  AuthenticationOutcome of_helo;
  of_helo.spf = SpfResult::kPass;
  of_helo.is_spf_of_helo = true;
  EXPECT_EQ(authentication_results_value("mx", of_helo, "", "mail.contoso.example"),
            "mx;\n\tspf=pass smtp.helo=mail.contoso.example");
}

TEST(AuthenticationResultsField, NothingInAValueEndsIt) {
  AuthenticationOutcome forged;
  forged.spf = SpfResult::kFail;
  for (const std::string mail_from : {"a\"; dmarc=pass header.from=contoso.example; x=\"@b",
                                      "a\r\nSubject: hi@b",
                                      "a(@b",
                                      "a\\",
                                      "\xFF@b",
                                      "a b@c",
                                      "\t",
                                      "a;dkim=pass"}) {
    const std::string value = authentication_results_value("mx", forged, mail_from, "h");
    const auto read = parse_authentication_results(value);
    ASSERT_TRUE(read.has_value()) << value;
    ASSERT_EQ(read->results.size(), 1U) << value;
    EXPECT_EQ(read->results.front().result, "fail");
    EXPECT_EQ(read->results.front().properties.size(), 1U) << value;
  }
  const std::string value =
      authentication_results_value("mx", forged, std::string(5000, 'a') + "@b", "h");
  EXPECT_LT(value.size(), 400U);
}

TEST(AuthenticationResultsField, IsReadAsOthersWriteIt) {
  const auto field = parse_authentication_results(
      " (hello) \"MX.example.net\" 1; (a (nested) comment)\r\n"
      "\tSPF=pass (sender is permitted) smtp.mailfrom=ada@contoso.example smtp.helo=\"a b\";\r\n"
      "\tdkim/1=pass reason=\"good (so)\" header.d=contoso.example header.b=Ab+/cd=;\r\n"
      "\tiprev=pass policy.iprev=192.0.2.1 (host.example);");
  ASSERT_TRUE(field.has_value());
  EXPECT_EQ(field->authserv_id, "mx.example.net");
  ASSERT_EQ(field->results.size(), 3U);
  EXPECT_EQ(field->results[0].method, "spf");
  EXPECT_EQ(field->results[0].property("smtp.helo"), "a b");
  EXPECT_EQ(field->results[1].property("header.d"), "contoso.example");
  EXPECT_EQ(field->results[1].property("header.b"), "Ab+/cd=");
  EXPECT_EQ(field->results[2].property("policy.iprev"), "192.0.2.1");
  EXPECT_EQ(parse_authentication_results("mx.example.net; none")->results.size(), 0U);
}

TEST(AuthenticationResultsField, IsReadWholeOrNotAtAll) {
  for (const char* value : {"",
                            ";",
                            "; dmarc=pass",
                            "mx 2; dmarc=pass",
                            "mx; dmarc",
                            "mx; dmarc=",
                            "mx; dmarc=pass header.from",
                            "mx; dmarc=pass header.from=",
                            "mx; dmarc=pass (open",
                            "mx; dmarc=pass header.from=\"open",
                            "mx; dmarc=pass from=contoso.example",
                            "mx; dmarc=pass dkim=pass",
                            "mx; none dmarc=pass",
                            "mx; dkim/2=pass",
                            "mx dmarc=pass",
                            "mx; ; dmarc=pass"}) {
    EXPECT_FALSE(parse_authentication_results(value).has_value()) << value;
  }
  EXPECT_FALSE(parse_authentication_results("mx; a=b " + std::string(20'000, ' ')).has_value());
}

std::optional<policy::AuthenticationResults> trusted(const std::vector<std::string>& values) {
  return trusted_results(values, std::vector<std::string>{"mx.example.net"}, "contoso.example");
}

TEST(TrustedResults, AreThoseOfTheTopmostTrustedField) {
  const auto read = trusted({"other.example; dmarc=fail header.from=contoso.example",
                             "mx.example.net; dmarc=pass header.from=contoso.example;"
                             " dkim=pass header.d=contoso.example",
                             "mx.example.net; dmarc=fail header.from=contoso.example"});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->dmarc, Dmarc::kPass);
  EXPECT_TRUE(read->dkim_aligned);
  EXPECT_TRUE(read->aligned_pass);
}

TEST(TrustedResults, OfAnotherDomainSayNothing) {
  const auto read =
      trusted({"mx.example.net; dmarc=pass header.from=attacker.example;"
               " dkim=pass header.d=attacker.example; spf=pass smtp.mailfrom=a@attacker.example"});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->dmarc, Dmarc::kUnknown);
  EXPECT_FALSE(read->is_authenticated());
}

TEST(TrustedResults, APropertyThatIsThereTwiceSaysNothing) {
  const auto read =
      trusted({"mx.example.net; dkim=pass header.d=attacker.example header.d=contoso.example"});
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->aligned_pass);
}

TEST(TrustedResults, AFieldThatCannotBeReadHidesThoseBelow) {
  EXPECT_FALSE(trusted({"mx.example.net; dmarc=pass (",
                        "mx.example.net; dmarc=pass header.from=contoso.example"})
                   .has_value());
}

TEST(TrustedResults, NobodyElseIsTrusted) {
  EXPECT_FALSE(trusted({"mx.example.net.attacker.example; dmarc=pass header.from=contoso.example",
                        "(mx.example.net) evil; dmarc=pass header.from=contoso.example"})
                   .has_value());
}

TEST(ClaimedAuthservId, IsReadByAllWhoMightBelieveIt) {
  for (const char* value : {"MX.example.net; spf=pass",
                            " (c) mx.example.net",
                            "\"mx.example.net\"; none",
                            "mx.example.net. ; none",
                            "mx.example.net/1; spf=pass",
                            "mx.example.net (c); ("}) {
    EXPECT_EQ(claimed_authserv_id(value), "mx.example.net") << value;
  }
  EXPECT_EQ(claimed_authserv_id("; spf=pass"), std::nullopt);
}

}  // namespace
}  // namespace gateway
