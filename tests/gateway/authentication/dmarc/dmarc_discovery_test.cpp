// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dmarc/dmarc_discovery.h"

#include "policy/mail_records/dmarc_record.h"
#include "policy/mail_records/public_suffix_list.h"
#include "tests/support/zone_resolver.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace gateway {
namespace {

using Status = DiscoveredDmarc::Status;
using tests::ZoneResolver;

std::shared_ptr<const policy::PublicSuffixList> list() {
  static const auto loaded =
      policy::PublicSuffixList::load("/usr/share/publicsuffix/public_suffix_list.dat").value();
  return loaded;
}

DmarcDiscovery by_list(ZoneResolver& zone) {
  return {zone, list(), std::chrono::steady_clock::now() + std::chrono::seconds{5}};
}

DmarcDiscovery by_walk(ZoneResolver& zone) {
  return {zone, nullptr, std::chrono::steady_clock::now() + std::chrono::seconds{5}};
}

struct Pair {
  const char* from;
  const char* authenticated;
  policy::AlignmentMode mode;
  bool aligns;
};

// Most of these libopendmarc 1.4.2 gets wrong.
TEST(DmarcAlignment, ByThePublicSuffixList) {
  using enum policy::AlignmentMode;
  ZoneResolver zone;
  for (const Pair& pair : std::vector<Pair>{
           {.from = "example.com", .authenticated = "example.com", .mode = kStrict, .aligns = true},
           {.from = "example.com",
            .authenticated = "sub.example.com",
            .mode = kStrict,
            .aligns = false},
           {.from = "a.example.com",
            .authenticated = "b.example.com",
            .mode = kStrict,
            .aligns = false},
           {.from = "example.com",
            .authenticated = "sub.example.com",
            .mode = kRelaxed,
            .aligns = true},
           {.from = "a.example.com",
            .authenticated = "b.example.com",
            .mode = kRelaxed,
            .aligns = true},
           {.from = "mail.example.com",
            .authenticated = "example.com",
            .mode = kRelaxed,
            .aligns = true},
           {.from = "example.com",
            .authenticated = "badexample.com",
            .mode = kRelaxed,
            .aligns = false},
           {.from = "github.io",
            .authenticated = "attacker.github.io",
            .mode = kRelaxed,
            .aligns = false},
           {.from = "victim.github.io",
            .authenticated = "github.io",
            .mode = kRelaxed,
            .aligns = false},
           {.from = "victim.github.io",
            .authenticated = "attacker.github.io",
            .mode = kRelaxed,
            .aligns = false},
           {.from = "victim.co.uk", .authenticated = "co.uk", .mode = kRelaxed, .aligns = false},
           {.from = "victim.com", .authenticated = "com", .mode = kRelaxed, .aligns = false},
           {.from = "com", .authenticated = "victim.com", .mode = kRelaxed, .aligns = false},
           {.from = "victim.xn--55qx5d.cn",
            .authenticated = "attacker.xn--55qx5d.cn",
            .mode = kRelaxed,
            .aligns = false},
           {.from = "mail.victim.xn--55qx5d.cn",
            .authenticated = "victim.xn--55qx5d.cn",
            .mode = kRelaxed,
            .aligns = true},
           {.from = "a.b.ck", .authenticated = "c.b.ck", .mode = kRelaxed, .aligns = false},
           {.from = "x.a.b.ck", .authenticated = "a.b.ck", .mode = kRelaxed, .aligns = true},
           {.from = "www.ck", .authenticated = "a.www.ck", .mode = kRelaxed, .aligns = true},
       }) {
    EXPECT_EQ(by_list(zone).aligns(pair.from, pair.authenticated, pair.mode), pair.aligns)
        << pair.from << ' ' << pair.authenticated;
  }
  EXPECT_TRUE(zone.asked().empty());
}

TEST(DmarcDiscovery, TheDomainsOwnRecordGoesFirst) {
  ZoneResolver zone;
  zone.add_text("_dmarc.mail.example.com", "v=DMARC1; p=none");
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=reject");
  const auto found = by_list(zone).discover("mail.example.com");
  EXPECT_EQ(found.status, Status::kFound);
  EXPECT_EQ(found.record_domain, "mail.example.com");
  EXPECT_EQ(found.policy, policy::DmarcPolicy::kNone);
  EXPECT_EQ(zone.asked().size(), 1U);
}

TEST(DmarcDiscovery, TheOrganizationalDomainSpeaksForItsSubdomains) {
  ZoneResolver zone;
  zone.add_text("_dmarc.example.co.uk", "v=DMARC1; p=reject; sp=quarantine");
  const auto found = by_list(zone).discover("a.mail.example.co.uk");
  EXPECT_EQ(found.record_domain, "example.co.uk");
  EXPECT_EQ(found.policy, policy::DmarcPolicy::kQuarantine);
  EXPECT_EQ(zone.asked().size(), 2U);
}

TEST(DmarcDiscovery, SubdomainPoliciesAreNotForTheDomainItself) {
  ZoneResolver zone;
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=reject; sp=none; np=none");
  EXPECT_EQ(by_list(zone).discover("example.com").policy, policy::DmarcPolicy::kReject);
}

TEST(DmarcDiscovery, AbsentSubdomainsHaveAPolicyOfTheirOwn) {
  ZoneResolver zone;
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject");
  zone.add_address("there.example.com", "192.0.2.1");
  EXPECT_EQ(by_list(zone).discover("there.example.com").policy, policy::DmarcPolicy::kQuarantine);
  EXPECT_EQ(by_list(zone).discover("absent.example.com").policy, policy::DmarcPolicy::kReject);
}

TEST(DmarcDiscovery, SeveralRecordsAreNone) {
  ZoneResolver zone;
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=none");
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=reject");
  EXPECT_EQ(by_list(zone).discover("example.com").status, Status::kNone);
}

TEST(DmarcDiscovery, ServersThatFailAreNoAbsence) {
  ZoneResolver zone;
  zone.add_failure("_dmarc.example.com");
  EXPECT_EQ(by_list(zone).discover("example.com").status, Status::kTemporaryFailure);
  EXPECT_EQ(by_list(zone).discover("mail.example.com").status, Status::kTemporaryFailure);
  EXPECT_EQ(by_walk(zone).discover("mail.example.com").status, Status::kTemporaryFailure);
}

TEST(DmarcTreeWalk, GoesUpToTheTop) {
  ZoneResolver zone;
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=reject");
  EXPECT_EQ(by_walk(zone).discover("a.b.c.example.com").record_domain, "example.com");
  const auto asked = zone.asked();
  ASSERT_EQ(asked.size(), 10U);  // the walk for the record, and again for the organization
  EXPECT_EQ(asked[4].name, "_dmarc.com");
}

TEST(DmarcTreeWalk, LongNamesCostNoMoreThanEightQuestions) {
  ZoneResolver zone;
  EXPECT_EQ(by_walk(zone).discover("a.b.c.d.e.f.g.h.i.j.k.l.example.com").status, Status::kNone);
  const auto asked = zone.asked();
  ASSERT_EQ(asked.size(), 8U);
  EXPECT_EQ(asked[1].name, "_dmarc.h.i.j.k.l.example.com");
}

TEST(DmarcTreeWalk, ADomainMayCallItselfOrganizational) {
  ZoneResolver zone;
  zone.add_text("_dmarc.example.com", "v=DMARC1; p=none");
  zone.add_text("_dmarc.unit.example.com", "v=DMARC1; p=reject; psd=n");
  auto discovery = by_walk(zone);
  EXPECT_EQ(discovery.discover("mail.unit.example.com").record_domain, "unit.example.com");
  EXPECT_EQ(discovery.aligns(
                "mail.unit.example.com", "a.unit.example.com", policy::AlignmentMode::kRelaxed),
            true);
  EXPECT_EQ(discovery.aligns(
                "mail.unit.example.com", "other.example.com", policy::AlignmentMode::kRelaxed),
            false);
  EXPECT_EQ(
      discovery.aligns("other.example.com", "unit.example.com", policy::AlignmentMode::kRelaxed),
      false);
}

TEST(DmarcTreeWalk, ARegistryMayCallItselfASuffix) {
  ZoneResolver zone;
  zone.add_text("_dmarc.bank", "v=DMARC1; p=reject; psd=y");
  auto discovery = by_walk(zone);
  const auto found = discovery.discover("mail.one.bank");
  EXPECT_EQ(found.record_domain, "bank");
  EXPECT_EQ(found.policy, policy::DmarcPolicy::kReject);
  EXPECT_EQ(discovery.aligns("mail.one.bank", "one.bank", policy::AlignmentMode::kRelaxed), true);
  EXPECT_EQ(discovery.aligns("one.bank", "two.bank", policy::AlignmentMode::kRelaxed), false);
}

TEST(DmarcTreeWalk, WithoutRecordsADomainStandsForItself) {
  ZoneResolver zone;
  EXPECT_EQ(by_walk(zone).aligns("a.example.com", "example.com", policy::AlignmentMode::kRelaxed),
            false);
}

}  // namespace
}  // namespace gateway
