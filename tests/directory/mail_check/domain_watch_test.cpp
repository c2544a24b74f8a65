// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/mail_check/domain_watch.h"

#include "directory/dns/mail_dns.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/networks.h"
#include "policy/result.h"
#include "tests/directory/mail_check/scripted_dns.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

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

GatewayIdentity gateway() {
  GatewayIdentity identity;
  identity.hostname = "gw.example.net";
  identity.networks = policy::Networks::parse({"192.0.2.0/28", "2001:db8::1"}).value();
  identity.samples = {sample_network("192.0.2.10"), sample_network("198.51.100.0/24")};
  return identity;
}

class DomainWatchTest : public ::testing::Test {
 protected:
  MxSighting look(std::int64_t now) { return run(watch->look("contoso.com", now)).value(); }

  void restart() {
    watch.reset();
    database.reset();
    database = StateDatabase::open(folder.path() / "state").value();
    watch = std::make_unique<DomainWatch>(dns, *database, gateway());
  }

  tests::TemporaryFolder folder;
  tests::ScriptedDns dns;
  std::unique_ptr<StateDatabase> database = StateDatabase::open(folder.path() / "state").value();
  std::unique_ptr<DomainWatch> watch = std::make_unique<DomainWatch>(dns, *database, gateway());
};

TEST_F(DomainWatchTest, EveryHostMustBeOurs) {
  dns.addresses_of["mx.ours.example"] = {"192.0.2.3", "2001:db8::1"};
  dns.addresses_of["mx.half.example"] = {"192.0.2.3", "203.0.113.1"};
  dns.addresses_of["mx.theirs.example"] = {"203.0.113.1"};
  const std::vector<std::pair<std::vector<std::string>, MxStanding>> cases{
      {{}, MxStanding::kNone},
      {{""}, MxStanding::kNone},
      {{"gw.example.net"}, MxStanding::kOurs},
      {{"gw.example.net", "mx.ours.example"}, MxStanding::kOurs},
      {{"gw.example.net", "mx.theirs.example"}, MxStanding::kMixed},
      {{"gw.example.net", "mx.absent.example"}, MxStanding::kMixed},
      {{"mx.half.example"}, MxStanding::kElsewhere},
      {{"mx.absent.example"}, MxStanding::kElsewhere},
      {{"mx.theirs.example"}, MxStanding::kElsewhere}};
  for (const auto& [hosts, standing] : cases) {
    dns.set_mx("contoso.com", hosts, 60);
    EXPECT_EQ(look(1).standing, standing) << (hosts.empty() ? "" : hosts.back());
  }
}

TEST_F(DomainWatchTest, ReadyWhenTheMxBeforeIsForgotten) {
  EXPECT_EQ(watch->stand_of("contoso.com").value().standing, MxStanding::kUnknown);
  dns.set_mx("contoso.com", {"mx.theirs.example"}, 7200);
  look(1000);
  dns.set_mx("contoso.com", {"gw.example.net"}, 300);
  EXPECT_EQ(look(5000).ready_at(), 5000 + 7200);
  restart();
  EXPECT_EQ(look(6000).ready_at(), 5000 + 7200);
  const MxSighting remembered = watch->stand_of("contoso.com").value();
  EXPECT_EQ(remembered.standing, MxStanding::kOurs);
  EXPECT_EQ(remembered.hosts, (std::vector<MxHost>{{.host = "gw.example.net", .preference = 10}}));
  EXPECT_EQ(remembered.ttl, 300U);
  EXPECT_EQ(remembered.seen, 6000);
  dns.set_mx("contoso.com", {"gw.example.net", "mx.theirs.example"}, 900);
  EXPECT_EQ(look(7000).ready_at(), 0);
  dns.set_mx("contoso.com", {"gw.example.net"}, 300);
  EXPECT_EQ(look(8000).ready_at(), 8000 + 900);
}

TEST_F(DomainWatchTest, WithoutAnMxBeforeThePresentOneCounts) {
  dns.set_mx("contoso.com", {"gw.example.net"}, 300);
  EXPECT_EQ(look(1000).ready_at(), 1300);
}

TEST_F(DomainWatchTest, WhatDnsDoesNotTellLeavesWhatWasSeen) {
  dns.set_mx("contoso.com", {"mx.theirs.example"}, 60);
  look(1000);
  dns.fails.insert("mx.theirs.example");
  EXPECT_EQ(run(watch->look("contoso.com", 2000)).error().code, policy::ErrorCode::kUnavailable);
  dns.fails.insert("contoso.com");
  EXPECT_EQ(run(watch->look("contoso.com", 3000)).error().code, policy::ErrorCode::kUnavailable);
  EXPECT_EQ(watch->stand_of("contoso.com").value().seen, 1000);
}

TEST_F(DomainWatchTest, LooksHourlyAndForgetsWhatIsNotImportedAnyMore) {
  const auto look_at = [&](const std::vector<std::string>& domains, std::int64_t now) {
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, watch->look_at_due(domains, now), [](const std::exception_ptr&) {});
    loop.run();
    return std::exchange(dns.questions, 0);
  };
  EXPECT_EQ(look_at({"a.example", "b.example"}, 10'000), 2);
  EXPECT_EQ(look_at({"a.example", "b.example"}, 13'599), 0);
  EXPECT_EQ(look_at({"a.example", "c.example"}, 13'599), 1);
  EXPECT_EQ(look_at({"a.example", "c.example"}, 13'600), 1);
  const auto sightings = watch->sightings().value();
  EXPECT_EQ(sightings.size(), 2U);
  EXPECT_FALSE(sightings.contains("b.example"));
}

TEST_F(DomainWatchTest, SpfIsCheckedForTheSampledAddresses) {
  dns.permitted.insert("192.0.2.10");
  const std::vector<SpfCheck> checks = run(watch->check_spf("contoso.com"));
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_EQ(checks.at(0).network->term, "ip4:192.0.2.10");
  EXPECT_EQ(checks.at(0).answer.result, SpfResult::kPass);
  EXPECT_EQ(checks.at(1).address, "198.51.100.1");
  EXPECT_EQ(checks.at(2).address, "198.51.100.254");
  EXPECT_EQ(checks.at(2).answer.result, SpfResult::kFail);
}

TEST(SampleNetwork, TakesAllAddressesOfASmallOneAndTheEdgesOfALargeOne) {
  const auto addresses = [](const std::string& network) {
    return sample_network(network).addresses;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(addresses("192.0.2.10"), Texts{"192.0.2.10"});
  EXPECT_EQ(addresses("192.0.2.10/31"), (Texts{"192.0.2.10", "192.0.2.11"}));
  EXPECT_EQ(addresses("192.0.2.9/30"), (Texts{"192.0.2.9", "192.0.2.10"}));
  EXPECT_EQ(addresses("192.0.2.0/28").size(), 14U);
  EXPECT_TRUE(sample_network("192.0.2.0/28").is_whole);
  EXPECT_EQ(addresses("192.0.2.0/27"), (Texts{"192.0.2.1", "192.0.2.30"}));
  EXPECT_FALSE(sample_network("192.0.2.0/27").is_whole);
  EXPECT_EQ(addresses("10.0.0.0/8"), (Texts{"10.0.0.1", "10.255.255.254"}));
  EXPECT_EQ(addresses("2001:db8::8/125").size(), 8U);
  EXPECT_EQ(addresses("2001:db8::/64"), (Texts{"2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"}));
  EXPECT_EQ(sample_network("2001:db8::/64").term, "ip6:2001:db8::/64");
}

}  // namespace
}  // namespace directory
