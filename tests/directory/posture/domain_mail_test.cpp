// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/domain_mail.h"

#include "directory/task.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/mail_records/public_suffix_list.h"
#include "tests/directory/mail_check/scripted_dns.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::DmarcPolicy;

template <typename T>
T run(Task<T> task) {
  boost::asio::io_context loop;
  std::optional<T> result;
  boost::asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr& failure, T value) {
    EXPECT_EQ(failure, nullptr);
    result = std::move(value);
  });
  loop.run();
  return std::move(result).value();
}

std::shared_ptr<const policy::PublicSuffixList> suffixes() {
  static const auto list =
      policy::PublicSuffixList::load("/usr/share/publicsuffix/public_suffix_list.dat").value();
  return list;
}

bool mentions(const std::vector<std::string>& notes, const std::string& words) {
  std::string all;
  for (const std::string& note : notes) {
    all += note + "\n";
  }
  return all.find(words) != std::string::npos;
}

class SpfPostureTest : public ::testing::Test {
 protected:
  SpfPosture look() { return run(look_at_domain_mail(dns, "contoso.com", suffixes())).spf; }

  SpfPosture look_at(const std::string& record) {
    dns.texts["contoso.com"] = {record};
    return look();
  }

  void expect_any(const std::string& record, const std::string& reason) {
    const SpfPosture posture = look_at(record);
    EXPECT_EQ(posture.status, SpfPosture::Status::kFound) << record;
    EXPECT_EQ(posture.allows_any, true) << record;
    EXPECT_EQ(posture.reason, reason) << record;
  }

  void expect_not_any(const std::string& record) {
    const SpfPosture posture = look_at(record);
    EXPECT_EQ(posture.allows_any, false) << record << ": " << posture.reason;
    EXPECT_EQ(posture.reason, "") << record;
  }

  tests::ScriptedDns dns;
};

TEST_F(SpfPostureTest, ARecordIsThereOrNot) {
  dns.texts["contoso.com"] = {"MS=ms1234", "v=spf10 +all", "v=spf1x"};
  SpfPosture posture = look();
  EXPECT_EQ(posture.status, SpfPosture::Status::kAbsent);
  EXPECT_EQ(posture.allows_any, false);
  EXPECT_EQ(posture.record, "");
  EXPECT_TRUE(posture.notes.empty());
  dns.texts["contoso.com"] = {"MS=ms1234", "V=SPF1 -all"};
  posture = look();
  EXPECT_EQ(posture.status, SpfPosture::Status::kFound);
  EXPECT_EQ(posture.record, "V=SPF1 -all");
  EXPECT_EQ(posture.allows_any, false);
  EXPECT_EQ(look_at("v=spf1").status, SpfPosture::Status::kFound);
  dns.fails.insert("contoso.com");
  posture = look();
  EXPECT_EQ(posture.status, SpfPosture::Status::kUnanswered);
  EXPECT_FALSE(posture.allows_any.has_value());
  EXPECT_EQ(posture.reason, "DNS gives no answer for contoso.com");
}

TEST_F(SpfPostureTest, AnInvalidRecordIsNotAnAbsentOne) {
  dns.texts["contoso.com"] = {"v=spf1 +all", "v=spf1 -all"};
  SpfPosture posture = look();
  EXPECT_EQ(posture.status, SpfPosture::Status::kInvalid);
  EXPECT_EQ(posture.record, "v=spf1 +all");
  EXPECT_EQ(posture.allows_any, false);
  EXPECT_TRUE(mentions(posture.notes, "more than one SPF record"));
  posture = look_at("v=spf1 +all include:");
  EXPECT_EQ(posture.status, SpfPosture::Status::kInvalid);
  EXPECT_EQ(posture.allows_any, false);
  EXPECT_TRUE(mentions(posture.notes, "a term in error"));
  posture = look_at("v=spf1 +all x=" + std::string(9000, 'x'));
  EXPECT_EQ(posture.status, SpfPosture::Status::kInvalid);
  EXPECT_LT(posture.record.size(), 3000U);
}

TEST_F(SpfPostureTest, OctetsOfTheRecordAreMadeVisible) {
  EXPECT_EQ(look_at("v=spf1 \x1b[2J\xff").record, "v=spf1 \\u{1B}[2J\\xFF");
}

TEST_F(SpfPostureTest, TermsThatLetEverybodyPass) {
  expect_any("v=spf1 +all", "+all");
  expect_any("v=spf1 mx ALL", "+all");
  expect_any("v=spf1 -ip4:10.0.0.0/8 +all", "+all");
  expect_any("v=spf1 ip4:0.0.0.0/0 -all", "ip4:0.0.0.0/0 (every IPv4 address)");
  expect_any("v=spf1 +ip4:203.0.113.7/0 -all", "ip4:203.0.113.7/0 (every IPv4 address)");
  expect_any("v=spf1 ip6:::/0 ~all", "ip6:::/0 (every IPv6 address)");
  expect_any("v=spf1 ip4:0.0.0.0/0 ip6:::/0 -all",
             "ip4:0.0.0.0/0 (every IPv4 address), and ip6:::/0 (every IPv6 address)");
  expect_any("v=spf1 ip4:128.0.0.0/1 ip4:192.0.2.1 ip4:0.0.0.0/1 -all",
             "ip4:128.0.0.0/1; ip4:0.0.0.0/1; together (every IPv4 address)");
  expect_any("v=spf1 ip4:0.0.0.0/2 ip4:64.0.0.0/2 ip4:128.0.0.0/2 ip4:192.0.0.0/3 -all",
             "ip4:0.0.0.0/2; ip4:64.0.0.0/2; ip4:128.0.0.0/2; and others, together "
             "(every IPv4 address)");
}

TEST_F(SpfPostureTest, TermsThatDoNot) {
  for (const char* record : {"v=spf1 -all",
                             "v=spf1 ~all",
                             "v=spf1 ?all",
                             "v=spf1 -all +all",
                             "v=spf1 -all ip4:0.0.0.0/0",
                             "v=spf1 ptr -all",
                             "v=spf1 -ip4:0.0.0.0/0 ~ip6:::/0 -all",
                             "v=spf1 ?ip4:0.0.0.0/0 -all",
                             "v=spf1 -ip4:0.0.0.0/0 -ip6:::/0 +all",
                             "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/2 -all",
                             "v=spf1 ip4:0.0.0.0/1 -ip4:128.0.0.0/1 -all",
                             "v=spf1 ip6:::ffff:0:0/96 -all",
                             "v=spf1 a/0 mx//0 exists:nowhere.example -all"}) {
    expect_not_any(record);
  }
}

TEST_F(SpfPostureTest, WhatIsDeniedToOneFamilyLeavesTheOther) {
  dns.texts["all.example"] = {"v=spf1 +all"};
  expect_any("v=spf1 -ip4:0.0.0.0/0 +all", "+all (every IPv6 address)");
  expect_any("v=spf1 -ip4:0.0.0.0/0 include:all.example -all",
             "include:all.example, then +all there (every IPv6 address)");
  expect_any("v=spf1 -ip4:0.0.0.0/0 redirect=all.example",
             "redirect=all.example, then +all there (every IPv6 address)");
}

TEST_F(SpfPostureTest, HostsWithAPrefixOfNothing) {
  dns.addresses_of["contoso.com"] = {"192.0.2.1"};
  dns.addresses_of["six.example"] = {"2001:db8::1"};
  dns.addresses_of["half.example"] = {"192.0.2.1", "198.51.100.1", "12.0.0.1"};
  dns.set_mx("contoso.com", {"", "six.example"}, 60);
  expect_any("v=spf1 a/0 -all", "a/0 (every IPv4 address)");
  expect_any("v=spf1 a:six.example/24//0 -all", "a:six.example/24//0 (every IPv6 address)");
  expect_any("v=spf1 mx//0 -all", "mx//0 (every IPv6 address)");
  expect_any("v=spf1 a:half.example/1 -all",
             "a:half.example/1; a:half.example/1; together (every IPv4 address)");
  expect_not_any("v=spf1 a//0 -all");
  expect_not_any("v=spf1 -a/0 -all");
  expect_not_any("v=spf1 mx/0 -all");
  expect_not_any("v=spf1 a/1 -all");
}

TEST_F(SpfPostureTest, OrdinaryHostsAreNotLookedUp) {
  expect_not_any("v=spf1 a mx:x.example a:y.example/24//64 ptr -all");
  EXPECT_EQ(dns.questions, 2);  // SPF and DMARC
}

TEST_F(SpfPostureTest, ANameThatIsThereForEverybody) {
  dns.addresses_of["any.example"] = {"127.0.0.2"};
  dns.addresses_of["six.example"] = {"::2"};
  dns.addresses_of["x.contoso.com"] = {"127.0.0.2"};
  expect_any("v=spf1 exists:any.example -all", "exists:any.example");
  expect_any("v=spf1 exists:x.%{d} -all", "exists:x.%{d}");
  expect_not_any("v=spf1 exists:six.example -all");
  expect_not_any("v=spf1 ?exists:any.example -all");
  expect_not_any("v=spf1 exists:%{i}.any.example -all");
  EXPECT_TRUE(mentions(look().notes, "exists:%{i}.any.example is another name for each sender"));
}

TEST_F(SpfPostureTest, IncludedRecords) {
  dns.texts["all.example"] = {"v=spf1 +all"};
  dns.texts["deep.example"] = {"v=spf1 include:all.example -all"};
  dns.texts["none.example"] = {"v=spf1 -all"};
  dns.texts["soft.example"] = {"v=spf1 ~all"};
  dns.texts["neutral.example"] = {"v=spf1 ?all"};
  dns.texts["half.example"] = {"v=spf1 ip4:0.0.0.0/1 -all"};
  dns.texts["of.contoso.com"] = {"v=spf1 all"};
  expect_any("v=spf1 include:all.example -all", "include:all.example, then +all there");
  expect_any("v=spf1 include:deep.example -all",
             "include:deep.example, then include:all.example there, then +all there");
  expect_any("v=spf1 include:of.%{d} -all", "include:of.%{d}, then +all there");
  expect_any("v=spf1 include:half.example ip4:128.0.0.0/1 -all",
             "include:half.example, then ip4:0.0.0.0/1 there; ip4:128.0.0.0/1; together "
             "(every IPv4 address)");
  expect_not_any("v=spf1 include:none.example -all");
  expect_not_any("v=spf1 include:soft.example -all");
  expect_not_any("v=spf1 include:neutral.example -all");
  EXPECT_TRUE(look().notes.empty());
  expect_not_any("v=spf1 include:half.example -all");
  expect_not_any("v=spf1 ?include:all.example -all");
  expect_not_any("v=spf1 -include:all.example +all");
  expect_not_any("v=spf1 -all include:all.example");
  expect_not_any("v=spf1 include:%{i}.all.example -all");
  expect_any("v=spf1 include:none.example +all", "+all");
}

TEST_F(SpfPostureTest, RedirectedRecords) {
  dns.texts["all.example"] = {"v=spf1 +all"};
  dns.texts["none.example"] = {"v=spf1 -all"};
  dns.texts["to.example"] = {"v=spf1 redirect=all.example"};
  expect_any("v=spf1 redirect=all.example", "redirect=all.example, then +all there");
  expect_any("v=spf1 redirect=all.example mx", "redirect=all.example, then +all there");
  expect_any("v=spf1 include:to.example -all",
             "include:to.example, then redirect=all.example there, then +all there");
  expect_not_any("v=spf1 redirect=none.example");
  expect_not_any("v=spf1 -all redirect=all.example");
  expect_not_any("v=spf1 redirect=all.example ~all");
}

TEST_F(SpfPostureTest, WhatANamedRecordLacksEndsTheCheck) {
  dns.texts["wrong.example"] = {"v=spf1 foo"};
  dns.texts["two.example"] = {"v=spf1 -all", "v=spf1 +all"};
  for (const char* name : {"absent.example", "wrong.example", "two.example"}) {
    expect_not_any("v=spf1 include:" + std::string{name} + " +all");
    EXPECT_TRUE(mentions(look().notes, "receivers stop at include:" + std::string{name}));
    expect_not_any("v=spf1 redirect=" + std::string{name});
  }
  expect_any("v=spf1 ip4:0.0.0.0/0 include:absent.example -all",
             "ip4:0.0.0.0/0 (every IPv4 address)");
}

TEST_F(SpfPostureTest, LookUpsAreLimited) {
  std::string record = "v=spf1";
  for (int i = 0; i < 10; ++i) {
    record += " a:h" + std::to_string(i) + ".example";
  }
  expect_any(record + " +all", "+all");
  expect_not_any(record + " ptr +all");
  EXPECT_TRUE(mentions(look().notes, "more than 10 look-ups"));
  dns.texts["loop.example"] = {"v=spf1 include:loop.example +all"};
  expect_not_any("v=spf1 include:loop.example -all");
  EXPECT_TRUE(mentions(look().notes, "more than 10 look-ups"));
  dns.texts["all.example"] = {"v=spf1 +all"};
  expect_not_any(record + " redirect=all.example");
}

TEST_F(SpfPostureTest, VoidLookUpsAreLimited) {
  expect_any("v=spf1 a:1.example/0 mx:2.example/0 +all", "+all");
  expect_not_any("v=spf1 a:1.example/0 mx:2.example/0 exists:3.example +all");
  EXPECT_TRUE(mentions(look().notes, "more than 2 hosts that do not exist"));
}

TEST_F(SpfPostureTest, HostsOfAnMxAreLimited) {
  std::vector<std::string> hosts;
  for (int i = 0; i < 11; ++i) {
    hosts.push_back("h" + std::to_string(i) + ".example");
    dns.addresses_of[hosts.back()] = {"192.0.2.1"};
  }
  dns.set_mx("contoso.com", hosts, 60);
  expect_not_any("v=spf1 mx/0 +all");
  EXPECT_TRUE(mentions(look().notes, "mx/0 has more than 10 hosts"));
}

TEST_F(SpfPostureTest, WhatDnsDoesNotTellIsNotGuessed) {
  dns.fails = {"1.example", "2.example", "3.example"};
  for (const char* term :
       {"include:1.example", "a:1.example/0", "mx:1.example//0", "exists:1.example"}) {
    const SpfPosture posture = look_at("v=spf1 " + std::string{term} + " -all");
    EXPECT_EQ(posture.status, SpfPosture::Status::kFound);
    EXPECT_FALSE(posture.allows_any.has_value()) << term;
    EXPECT_EQ(posture.reason, std::string{term} + ": DNS gives no answer for 1.example");
    expect_any("v=spf1 " + std::string{term} + " +all", "+all");
    expect_not_any("v=spf1 ?" + std::string{term} + " -all");
  }
  EXPECT_FALSE(look_at("v=spf1 redirect=1.example").allows_any.has_value());
  dns.texts["on.example"] = {"v=spf1 include:1.example -all"};
  EXPECT_FALSE(look_at("v=spf1 include:on.example -all").allows_any.has_value());
  expect_not_any("v=spf1 ?include:on.example -all");
  const SpfPosture three =
      look_at("v=spf1 include:1.example include:2.example include:3.example +all");
  EXPECT_FALSE(three.allows_any.has_value());
  EXPECT_FALSE(look_at("v=spf1 ?include:1.example ?include:2.example ?include:3.example +all")
                   .allows_any.has_value());
}

TEST_F(SpfPostureTest, ARecordWithoutALastWordIsNoted) {
  dns.texts["open.example"] = {"v=spf1 mx"};
  dns.texts["neutral.example"] = {"v=spf1 ?all"};
  EXPECT_TRUE(mentions(look_at("v=spf1 mx ?all").notes, "it ends in ?all"));
  EXPECT_TRUE(mentions(look_at("v=spf1 mx").notes, "it ends without `all`"));
  EXPECT_TRUE(mentions(look_at("v=spf1 redirect=neutral.example").notes, "it ends in ?all"));
  EXPECT_TRUE(look_at("v=spf1 include:open.example include:neutral.example -all").notes.empty());
}

class DmarcPostureTest : public ::testing::Test {
 protected:
  DmarcPosture look(const std::string& domain, bool with_list = true) {
    return run(look_at_domain_mail(dns, domain, with_list ? suffixes() : nullptr)).dmarc;
  }

  DmarcPosture look_at(const std::string& record) {
    dns.texts["_dmarc.contoso.com"] = {record};
    return look("contoso.com");
  }

  tests::ScriptedDns dns;
};

TEST_F(DmarcPostureTest, ARecordIsThereOrNot) {
  EXPECT_EQ(look("contoso.com").status, DmarcPosture::Status::kAbsent);
  EXPECT_EQ(look_at("v=spf1 -all").status, DmarcPosture::Status::kAbsent);
  const DmarcPosture found = look_at("v=DMARC1; p=reject");
  EXPECT_EQ(found.status, DmarcPosture::Status::kFound);
  EXPECT_EQ(found.record, "v=DMARC1; p=reject");
  EXPECT_EQ(found.record_domain, "contoso.com");
  EXPECT_EQ(found.policy, DmarcPolicy::kReject);
  EXPECT_EQ(found.subdomain_policy, DmarcPolicy::kReject);
  EXPECT_EQ(found.percent, 100U);
  EXPECT_FALSE(found.is_test);
  EXPECT_TRUE(found.notes.empty());
  dns.fails.insert("_dmarc.contoso.com");
  const DmarcPosture unanswered = look("contoso.com");
  EXPECT_EQ(unanswered.status, DmarcPosture::Status::kUnanswered);
  EXPECT_TRUE(mentions(unanswered.notes, "DNS gives no answer for _dmarc.contoso.com"));
}

TEST_F(DmarcPostureTest, SeveralOrWrongRecordsAreNotedAsSuch) {
  dns.texts["_dmarc.contoso.com"] = {"v=DMARC1; p=reject", "v=DMARC1; p=none"};
  const DmarcPosture several = look("contoso.com");
  EXPECT_EQ(several.status, DmarcPosture::Status::kSeveral);
  EXPECT_EQ(several.record, "v=DMARC1; p=reject");
  EXPECT_TRUE(mentions(several.notes, "more than one DMARC record at _dmarc.contoso.com"));
  const DmarcPosture wrong = look_at("v=DMARC1; sp=reject");
  EXPECT_EQ(wrong.status, DmarcPosture::Status::kAbsent);
  EXPECT_TRUE(mentions(wrong.notes, "no right policy"));
  EXPECT_EQ(look_at("v=DMARC1; p=x; rua=mailto:a@contoso.com").policy, DmarcPolicy::kNone);
}

TEST_F(DmarcPostureTest, PoliciesOfDomainAndSubdomains) {
  const DmarcPosture none = look_at("v=DMARC1; p=none");
  EXPECT_EQ(none.policy, DmarcPolicy::kNone);
  EXPECT_EQ(none.subdomain_policy, DmarcPolicy::kNone);
  const DmarcPosture open = look_at("v=DMARC1; p=reject; sp=none");
  EXPECT_EQ(open.policy, DmarcPolicy::kReject);
  EXPECT_EQ(open.subdomain_policy, DmarcPolicy::kNone);
  const DmarcPosture partial = look_at("v=DMARC1; p=quarantine; pct=20; t=y");
  EXPECT_EQ(partial.policy, DmarcPolicy::kQuarantine);
  EXPECT_EQ(partial.percent, 20U);
  EXPECT_TRUE(partial.is_test);
}

TEST_F(DmarcPostureTest, TheOrganizationsRecordGovernsItsSubdomains) {
  dns.texts["_dmarc.contoso.co.uk"] = {"v=DMARC1; p=reject; sp=none; pct=50"};
  const DmarcPosture of_subdomain = look("A.b.Contoso.co.uk.");
  EXPECT_EQ(of_subdomain.status, DmarcPosture::Status::kFound);
  EXPECT_EQ(of_subdomain.record_domain, "contoso.co.uk");
  EXPECT_EQ(of_subdomain.policy, DmarcPolicy::kNone);
  EXPECT_EQ(of_subdomain.subdomain_policy, DmarcPolicy::kNone);
  EXPECT_EQ(of_subdomain.percent, 50U);
  EXPECT_EQ(look("contoso.co.uk").policy, DmarcPolicy::kReject);
  dns.texts["_dmarc.b.contoso.co.uk"] = {"v=DMARC1; p=quarantine"};
  EXPECT_EQ(look("b.contoso.co.uk").policy, DmarcPolicy::kQuarantine);
  dns.texts["_dmarc.contoso.co.uk"] = {"v=DMARC1; p=reject"};
  EXPECT_EQ(look("a.contoso.co.uk").policy, DmarcPolicy::kReject);
  dns.fails.insert("_dmarc.contoso.co.uk");
  EXPECT_EQ(look("a.contoso.co.uk").status, DmarcPosture::Status::kUnanswered);
}

TEST_F(DmarcPostureTest, WithoutAListTheOrganizationIsNotGuessed) {
  EXPECT_EQ(look("contoso.com", false).status, DmarcPosture::Status::kAbsent);
  const DmarcPosture unknown = look("a.contoso.com", false);
  EXPECT_EQ(unknown.status, DmarcPosture::Status::kUnanswered);
  EXPECT_TRUE(mentions(unknown.notes, "no public suffix list"));
  dns.texts["_dmarc.a.contoso.com"] = {"v=DMARC1; p=reject"};
  EXPECT_EQ(look("a.contoso.com", false).policy, DmarcPolicy::kReject);
}

}  // namespace
}  // namespace directory
