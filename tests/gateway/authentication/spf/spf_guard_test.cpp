// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/spf/spf_guard.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/spf/spf_result.h"
#include "gateway/authentication/spf/spf_term_name.h"
#include "policy/ip_address.h"
#include "policy/mail_records/spf_macro.h"
#include "tests/gateway/authentication/spf/spf_checker.h"
#include "tests/support/zone_resolver.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {
namespace {

using tests::SpfChecker;
using tests::ZoneResolver;

constexpr std::string_view kClient = "192.0.2.7";

class SpfGuardTest : public testing::Test {
 protected:
  SpfResult check(std::string_view record, std::string_view client = kClient) {
    zone.add_text("contoso.example", std::string{record});
    SpfChecker checker{zone};
    const auto checked = checker.check(client, "h.example", "ada@contoso.example");
    EXPECT_EQ(checker.slot().failures(), 0U);
    questions = checked.questions;
    return checked.result;
  }

  // What the library is given of this record.
  std::string rewritten(std::string_view record, std::string_view client = kClient) {
    zone.add_text("contoso.example", std::string{record});
    SpfGuard guard{
        zone,
        policy::spf_subject(
            policy::parse_ip_address(client).value(), "h.example", "ada@contoso.example"),
        std::chrono::steady_clock::now() + std::chrono::seconds{5}};
    guard.begin();
    const DnsAnswer answer = guard.answer(kSenderTerm, DnsType::kTxt);
    return answer.texts.empty() ? std::string{} : answer.texts.front();
  }

  ZoneResolver zone;
  unsigned questions = 0;
};

TEST_F(SpfGuardTest, TheLibrarySeesNoNameOfTheSender) {
  EXPECT_EQ(rewritten("v=spf1 a:x.example/24 -mx include:%{l}.y.example ?exists:z.example "
                      "~ptr redirect=w.example exp=e.example"),
            "v=spf1 +a:t1.spf.invalid/24 -mx:t2.spf.invalid/32 +include:t3.spf.invalid "
            "?exists:t4.spf.invalid ~exists:t5.spf.invalid redirect=t6.spf.invalid");
}

TEST_F(SpfGuardTest, TermsThatCannotMatchAreLeftOut) {
  EXPECT_EQ(rewritten("v=spf1 ip4:198.51.100.1 ip6:2001:db8::/32 ip4:192.0.2.0/24 a -all"),
            "v=spf1 +ip4:192.0.2.0/24");
}

TEST_F(SpfGuardTest, TheLengthZeroMatchesAllOfTheFamily) {
  EXPECT_EQ(rewritten("v=spf1 ip6:::/0 -ip4:0.0.0.0/0 a"), "v=spf1 -all");
}

TEST_F(SpfGuardTest, TheLengthZeroOfAHostWantsAnyAddress) {
  EXPECT_EQ(rewritten("v=spf1 a:x.example/0 mx:x.example/0"),
            "v=spf1 +exists:t1.spf.invalid +exists:t2.spf.invalid ?all");
}

TEST_F(SpfGuardTest, NothingBehindAllCounts) {
  EXPECT_EQ(rewritten("v=spf1 ~all a:x.example redirect=y.example"), "v=spf1 ~all");
}

TEST_F(SpfGuardTest, LongRecordsAreWhole) {
  std::string record = "v=spf1";
  for (int i = 0; i < 200; ++i) {
    record += " ip4:198.51.100." + std::to_string(i);
  }
  EXPECT_EQ(check(record + " ip4:192.0.2.7 -all"), SpfResult::kPass);
}

TEST_F(SpfGuardTest, LongRecordsEndInAllToo) {
  std::string record = "v=spf1";
  for (int i = 0; i < 120; ++i) {
    record += " ip6:2001:db8::" + std::to_string(i);
  }
  EXPECT_EQ(check(record + " -all", "2001:db8:1::1"), SpfResult::kFail);
}

TEST_F(SpfGuardTest, TenTermsThatAskAreAllowed) {
  std::string record = "v=spf1";
  for (int i = 0; i < 10; ++i) {
    zone.add_address("h" + std::to_string(i) + ".example", "198.51.100.1");
    record += " a:h" + std::to_string(i) + ".example";
  }
  EXPECT_EQ(check(record + " -all"), SpfResult::kFail);
}

TEST_F(SpfGuardTest, ElevenAreNot) {
  std::string record = "v=spf1";
  for (int i = 0; i < 11; ++i) {
    zone.add_address("h" + std::to_string(i) + ".example", "198.51.100.1");
    record += " a:h" + std::to_string(i) + ".example";
  }
  EXPECT_EQ(check(record + " +all"), SpfResult::kPermError);
}

TEST_F(SpfGuardTest, ThreeVoidLookUpsAreTooMany) {
  EXPECT_EQ(check("v=spf1 a:x.example a:y.example a:z.example +all"), SpfResult::kPermError);
}

// libspf2 alone asks a million times.
TEST_F(SpfGuardTest, AnIncludeBombStaysWithinTheLimits) {
  const auto name = [](int depth, int i) {
    return "d" + std::to_string(depth) + "i" + std::to_string(i) + ".example";
  };
  for (int depth = 0; depth < 6; ++depth) {
    std::string record = "v=spf1";
    for (int i = 0; i < 10 && depth < 5; ++i) {
      record += " include:" + name(depth + 1, i);
    }
    for (int i = 0; i < 10; ++i) {
      zone.add_text(name(depth, i), record + " -all");
    }
  }
  EXPECT_EQ(check("v=spf1 include:d0i0.example include:d0i1.example +all"), SpfResult::kPermError);
  EXPECT_LE(questions, SpfGuard::kMostQuestions);
  EXPECT_LE(zone.asked().size(), 12U);
}

TEST_F(SpfGuardTest, ManyExchangesStayWithinTheLimits) {
  std::string record = "v=spf1";
  for (int i = 0; i < 10; ++i) {
    const std::string domain = "m" + std::to_string(i) + ".example";
    record += " mx:" + domain;
    for (unsigned j = 0; j < 10; ++j) {
      const std::string host = "h" + std::to_string(j) + "." + domain;
      zone.add_exchange(domain, j, host);
      zone.add_address(host, "198.51.100.1");
    }
  }
  EXPECT_EQ(check(record + " -all"), SpfResult::kFail);
  EXPECT_EQ(questions, SpfGuard::kMostQuestions);
}

TEST_F(SpfGuardTest, ElevenExchangesAreTooMany) {
  for (unsigned j = 0; j < 11; ++j) {
    zone.add_exchange("contoso.example", j, "h" + std::to_string(j) + ".example");
  }
  EXPECT_EQ(check("v=spf1 mx +all"), SpfResult::kPermError);
}

TEST_F(SpfGuardTest, NamesThatGrowAreCutAndNeverAskedTooLong) {
  EXPECT_EQ(check("v=spf1 redirect=%{d}%{d}%{d}%{d}%{d}.example"), SpfResult::kPermError);
  zone.add_text("loop.example", "v=spf1 include:%{d}.%{d}.example ?all");
  SpfChecker checker{zone};
  EXPECT_EQ(checker.check(kClient, "h.example", "a@loop.example").result, SpfResult::kPermError);
  for (const DnsQuestion& question : zone.asked()) {
    EXPECT_LE(question.name.size(), 253U);
  }
}

TEST_F(SpfGuardTest, ServersThatFailAreATemporaryErrorInEveryTerm) {
  for (const char* record : {"v=spf1 a:later.example +all",
                             "v=spf1 mx:later.example +all",
                             "v=spf1 include:later.example +all",
                             "v=spf1 exists:later.example +all",
                             "v=spf1 redirect=later.example",
                             "v=spf1 a:later.example/0 +all"}) {
    ZoneResolver failing;
    failing.add_failure("later.example");
    failing.add_text("contoso.example", record);
    SpfChecker checker{failing};
    EXPECT_EQ(checker.check(kClient, "h.example", "ada@contoso.example").result,
              SpfResult::kTempError)
        << record;
  }
}

TEST_F(SpfGuardTest, ExplanationsAreNeverAskedFor) {
  zone.add_text("why.example", "%{i} is not one of ours");
  EXPECT_EQ(check("v=spf1 -all exp=why.example"), SpfResult::kFail);
  EXPECT_EQ(zone.asked().size(), 1U);
}

TEST_F(SpfGuardTest, LoopbackPassesNothing) {
  EXPECT_EQ(check("v=spf1 +all", "127.0.0.1"), SpfResult::kNone);
  EXPECT_EQ(check("v=spf1 +all", "::1"), SpfResult::kNone);
  EXPECT_TRUE(zone.asked().empty());
}

TEST_F(SpfGuardTest, MappedClientsAreIpv4Clients) {
  EXPECT_EQ(check("v=spf1 ip4:192.0.2.7 -all", "::ffff:192.0.2.7"), SpfResult::kPass);
}

TEST_F(SpfGuardTest, WhatIsNoTermFindsNothing) {
  zone.add_text("contoso.example", "v=spf1 a:x.example -all");
  SpfGuard guard{zone,
                 policy::spf_subject(
                     policy::parse_ip_address(kClient).value(), "h.example", "ada@contoso.example"),
                 std::chrono::steady_clock::now() + std::chrono::seconds{5}};
  guard.begin();
  EXPECT_EQ(guard.answer(77, DnsType::kA).status, DnsStatus::kNoName);
  EXPECT_EQ(guard.answer(1, DnsType::kMx).status, DnsStatus::kNoData);
  EXPECT_EQ(guard.answer(kSenderTerm, DnsType::kA).status, DnsStatus::kNoData);
  EXPECT_EQ(guard.questions(), 1U);
}

TEST(SpfTermName, IsReadAsItWasWritten) {
  EXPECT_EQ(spf_term_number(spf_term_name(4711)), 4711U);
  for (const char* name : {"t.spf.invalid",
                           "t1.spf.invalid.x",
                           "x1.spf.invalid",
                           "t-1.spf.invalid",
                           "t99999999999.spf.invalid",
                           "",
                           "t"}) {
    EXPECT_EQ(spf_term_number(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace gateway
