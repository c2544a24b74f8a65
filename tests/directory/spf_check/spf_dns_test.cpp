// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/spf_check/spf_dns.h"

#include "directory/dns/dns_message.h"
#include "directory/dns/mail_dns.h"
#include "policy/ip_address.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace directory {
namespace {

const policy::IpAddress kClient = policy::mapped_ipv4({192, 0, 2, 10});

DnsAnswer found(const std::string& text) {
  DnsAnswer answer;
  answer.status = DnsStatus::kFound;
  answer.texts = {"unrelated", text};
  return answer;
}

DnsAnswer absent() {
  DnsAnswer answer;
  answer.status = DnsStatus::kAbsent;
  return answer;
}

// Every name has the record `text`, and no addresses.
SpfDns with_record(const std::string& text) {
  const auto ask = [text](const DnsQuestion& question) {
    return question.type == DnsType::kTxt ? found(text) : absent();
  };
  return {ask, "contoso.com", kClient};
}

TEST(SpfDns, GivesTheRecordWithoutNetworksOfOthers) {
  SpfDns dns = with_record("v=spf1 mx -all");
  EXPECT_EQ(dns.look_up("Contoso.com.", DnsType::kTxt).texts,
            std::vector<std::string>{"v=spf1 mx -all"});
  EXPECT_EQ(dns.record(), "v=spf1 mx -all");
  const auto kept = [](const std::string& record) { return record_for_client(record, kClient); };
  EXPECT_EQ(kept("v=spf1 ip4:198.51.100.1 -ip6:2001:db8::/32 a ~all"), "v=spf1 a ~all");
  EXPECT_EQ(kept("v=spf1 -IP4:192.0.2.0/24 ip4:192.0.2.10 -all"), "v=spf1 -all -all");
  EXPECT_EQ(kept("v=spf1 ip4:0.0.0.0/0 -all"), "v=spf1 all -all");
  EXPECT_EQ(kept("v=spf1 ip6:::/0 ip6:::ffff:192.0.2.10  -all"), "v=spf1 -all");
}

TEST(SpfDns, TenTermsMayAskAndNoMore) {
  SpfDns dns = with_record("v=spf1 include:a.example -all");
  static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
  for (unsigned i = 0; i < SpfDns::kMostTerms; ++i) {
    EXPECT_EQ(dns.look_up("a.example", DnsType::kTxt).status, DnsStatus::kFound);
  }
  EXPECT_EQ(dns.look_up("a.example", DnsType::kTxt).status, DnsStatus::kFailed);
  ASSERT_TRUE(dns.decided().has_value());
  EXPECT_EQ(dns.decided()->result, SpfResult::kPermError);
  EXPECT_NE(dns.decided()->explanation.find("more than 10 look-ups"), std::string::npos);
}

TEST(SpfDns, AddressesOfMxHostsAreNoTerms) {
  const auto ask = [](const DnsQuestion& question) {
    DnsAnswer answer = question.type == DnsType::kTxt ? found("v=spf1 mx -all") : absent();
    if (question.type == DnsType::kMx) {
      answer.status = DnsStatus::kFound;
      for (int i = 0; i < 10; ++i) {
        answer.hosts.push_back({.host = "mx" + std::to_string(i) + ".example", .preference = 10});
      }
    }
    return answer;
  };
  SpfDns dns{ask, "contoso.com", kClient};
  static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
  for (const DnsAnswer exchanges = dns.look_up("contoso.com", DnsType::kMx);
       const MxHost& each : exchanges.hosts) {
    static_cast<void>(dns.look_up(each.host, DnsType::kA));
  }
  EXPECT_FALSE(dns.decided().has_value());
}

TEST(SpfDns, TwoNamesMayBeAbsentAndNoMore) {
  SpfDns dns = with_record("v=spf1 a:a.example a:b.example a:c.example -all");
  static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
  static_cast<void>(dns.look_up("a.example", DnsType::kA));
  // A name that DNS cannot hold is one, and nobody is asked for it.
  static_cast<void>(dns.look_up(std::string(300, 'a'), DnsType::kA));
  EXPECT_FALSE(dns.decided().has_value());
  static_cast<void>(dns.look_up("c.example", DnsType::kA));
  ASSERT_TRUE(dns.decided().has_value());
  EXPECT_EQ(dns.decided()->result, SpfResult::kPermError);
}

TEST(SpfDns, DecidesWhatTheLibraryCannotBear) {
  const auto decided = [](const DnsAnswer& answer) {
    SpfDns dns{[answer](const DnsQuestion&) { return answer; }, "contoso.com", kClient};
    static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
    const std::optional<SpfAnswer> how = dns.decided();
    return how.has_value() ? how->result : SpfResult::kNeutral;
  };
  EXPECT_EQ(decided(absent()), SpfResult::kNone);
  EXPECT_EQ(decided(found("v=spf10 -all")), SpfResult::kNone);
  EXPECT_EQ(decided({}), SpfResult::kTempError);
  EXPECT_EQ(decided(found("v=spf1 " + std::string(5000, 'a'))), SpfResult::kPermError);
  EXPECT_EQ(decided(found("v=spf1 exp=\xff")), SpfResult::kPermError);
  DnsAnswer two = found("v=spf1 -all");
  two.texts.emplace_back("V=SPF1");
  EXPECT_EQ(decided(two), SpfResult::kPermError);
}

TEST(SpfDns, ATermThatNobodyKnowsIsAnError) {
  for (const char* term : {"ip4:192.0.2.0/33",
                           "ip4:192.0.2.0/024",
                           "ip4:2001:db8::1",
                           "ip6:192.0.2.1",
                           "ip4:IPv6:::1",
                           "ip4:",
                           "ipv4:192.0.2.1",
                           "include",
                           "exists:",
                           "a:",
                           "ptr/24",
                           "all:x",
                           "redirect:contoso.com",
                           "redirect=",
                           "exp=a exp=b",
                           "-exp=a",
                           "+"}) {
    SpfDns dns = with_record("v=spf1 ip4:192.0.2.10 " + std::string{term} + " -all");
    static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
    ASSERT_TRUE(dns.decided().has_value()) << term;
    EXPECT_EQ(dns.decided()->result, SpfResult::kPermError) << term;
  }
  SpfDns dns = with_record("v=spf1 a mx/24 A:x.example//64 ptr ?exists:%{i}.x ip6:::/0 x-y= all");
  static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
  EXPECT_FALSE(dns.decided().has_value());
}

TEST(SpfDns, ARecordThatIsNamedMustExist) {
  const auto ask = [](const DnsQuestion& question) {
    return question.name == "contoso.com" ? found("v=spf1 include:a.example -all") : absent();
  };
  SpfDns dns{ask, "contoso.com", kClient};
  static_cast<void>(dns.look_up("contoso.com", DnsType::kTxt));
  static_cast<void>(dns.look_up("a.example", DnsType::kTxt));
  ASSERT_TRUE(dns.decided().has_value());
  EXPECT_EQ(dns.decided()->result, SpfResult::kPermError);
  EXPECT_NE(dns.decided()->explanation.find("a.example"), std::string::npos);
}

}  // namespace
}  // namespace directory
