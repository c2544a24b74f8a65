// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.h"

#include "policy/config/problems.h"
#include "policy/event.h"
#include "policy/networks.h"
#include "policy/verdict/finding.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): units of time
using policy::ActionKind;
using Family = ListenAddress::Family;

Settings read(std::string_view text) {
  policy::Problems problems;
  auto settings = parse_settings(text, "/etc/fromguard/gateway.yaml", problems);
  EXPECT_TRUE(settings.has_value()) << problems.text();
  return settings.value_or(Settings{});
}

std::string problems_in(std::string_view text) {
  policy::Problems problems;
  const auto settings = parse_settings(text, "gateway.yaml", problems);
  EXPECT_EQ(settings.has_value(), !problems.has_errors());
  return problems.text();
}

bool is_trusted(const Settings& settings, std::string_view address) {
  return settings.session.trusted_networks.contains(policy::parse_ip_address(address).value());
}

TEST(Settings, TheShippedFileIsRightAndSaysTheDefaults) {
  policy::Problems problems;
  const auto shipped = load_settings(FROMGUARD_SOURCE_DIR "/conf/gateway.yaml", problems);
  EXPECT_EQ(problems.text(), "");
  ASSERT_TRUE(shipped.has_value());
  const Settings defaults = read("{}");
  EXPECT_EQ(shipped->listen.text(), defaults.listen.text());
  EXPECT_EQ(shipped->drain, defaults.drain);
  EXPECT_EQ(shipped->hand_over, defaults.hand_over);
  EXPECT_EQ(shipped->stale_after, defaults.stale_after);
  EXPECT_EQ(shipped->connections, defaults.connections);
  EXPECT_EQ(shipped->session.header_octets, defaults.session.header_octets);
  EXPECT_EQ(shipped->session.from_octets, defaults.session.from_octets);
  EXPECT_EQ(shipped->session.degraded.no_snapshot, defaults.session.degraded.no_snapshot);
  EXPECT_TRUE(is_trusted(*shipped, "127.0.0.1"));
}

TEST(Settings, HaveTheDefaultsOfTheManual) {
  const Settings settings = read("listen: inet:8897@127.0.0.1\n");
  EXPECT_EQ(settings.listen.text(), "inet:8897@127.0.0.1");
  EXPECT_EQ(settings.snapshot, "/var/lib/fromguard/snapshots");
  EXPECT_EQ(settings.policy, "/etc/fromguard/policy.yaml");
  EXPECT_EQ(settings.decorations, "/etc/fromguard/decorations.txt");
  EXPECT_EQ(settings.delegated_senders, "/etc/fromguard/delegated-senders.yaml");
  EXPECT_FALSE(settings.metrics.has_value());
  EXPECT_TRUE(is_trusted(settings, "127.1.2.3"));
  EXPECT_TRUE(is_trusted(settings, "::1"));
  EXPECT_FALSE(is_trusted(settings, "192.0.2.1"));
  EXPECT_FALSE(settings.session.inspect_authenticated);
  EXPECT_EQ(settings.session.degraded.no_snapshot, ActionKind::kTempFail);
  EXPECT_EQ(settings.session.degraded.stale_snapshot, ActionKind::kTag);
  EXPECT_EQ(settings.session.degraded.internal_error, ActionKind::kTempFail);
  EXPECT_EQ(settings.stale_after, 26h);
  EXPECT_EQ(settings.drain, 30s);
  EXPECT_EQ(settings.hand_over, 5min);
  EXPECT_EQ(settings.session.header_octets, std::size_t{1} << 20U);
  EXPECT_EQ(settings.session.from_octets, std::size_t{64} << 10U);
  EXPECT_EQ(settings.connections, 4096U);
  EXPECT_EQ(settings.log_level, policy::LogLevel::kInfo);
  EXPECT_EQ(settings.log_format, policy::LogFormat::kText);
}

TEST(Settings, AreReadWithTheirUnits) {
  const Settings settings = read(R"(
listen: unix:/run/fromguard/gateway.sock
socket_group: postfix
snapshot: snapshots
policy: rules/policy.yaml
metrics: "[::1]:9811"
trusted_networks: [10.0.0.0/8, 2001:db8::/32]
inspect_authenticated: true
degraded:
  no_snapshot: accept
  stale_snapshot: {after: 90m, action: quarantine}
  internal_error: tag
drain: 5s
hand_over: 1h
limits: {header_bytes: 2MiB, from_bytes: 1KiB, recipients: 7, connections: 12}
log: {level: debug, format: json}
)");
  EXPECT_EQ(settings.listen.family, Family::kUnix);
  EXPECT_EQ(settings.listen.path, "/run/fromguard/gateway.sock");
  EXPECT_EQ(settings.listen.text(), "unix:/run/fromguard/gateway.sock");
  EXPECT_EQ(settings.socket_group, "postfix");
  EXPECT_EQ(settings.snapshot, "/etc/fromguard/snapshots");
  EXPECT_EQ(settings.policy, "/etc/fromguard/rules/policy.yaml");
  EXPECT_EQ(settings.decorations, "/etc/fromguard/rules/decorations.txt");
  EXPECT_EQ(settings.delegated_senders, "/etc/fromguard/rules/delegated-senders.yaml");
  EXPECT_EQ(settings.metrics.value().host, "::1");
  EXPECT_EQ(settings.metrics.value().port, 9811);
  EXPECT_TRUE(is_trusted(settings, "2001:db8::9"));
  EXPECT_FALSE(is_trusted(settings, "127.0.0.1"));
  EXPECT_TRUE(settings.session.inspect_authenticated);
  EXPECT_EQ(settings.session.degraded.no_snapshot, ActionKind::kAccept);
  EXPECT_EQ(settings.session.degraded.stale_snapshot, ActionKind::kQuarantine);
  EXPECT_EQ(settings.session.degraded.internal_error, ActionKind::kTag);
  EXPECT_EQ(settings.stale_after, 90min);
  EXPECT_EQ(settings.drain, 5s);
  EXPECT_EQ(settings.hand_over, 1h);
  EXPECT_EQ(settings.session.header_octets, std::size_t{2} << 20U);
  EXPECT_EQ(settings.session.from_octets, 1024U);
  EXPECT_EQ(settings.session.recipients, 7U);
  EXPECT_EQ(settings.connections, 12U);
  EXPECT_EQ(settings.log_level, policy::LogLevel::kDebug);
  EXPECT_EQ(settings.log_format, policy::LogFormat::kJson);
}

TEST(Settings, ListenAddressesAreReadInEachFamily) {
  EXPECT_EQ(read("listen: inet:10025@192.0.2.1").listen.text(), "inet:10025@192.0.2.1");
  EXPECT_EQ(read("listen: inet6:10025@2001:db8::1").listen.text(), "inet6:10025@2001:db8::1");
  EXPECT_EQ(read("listen: inet:10025").listen.text(), "inet:10025@127.0.0.1");
  EXPECT_EQ(read("listen: inet6:10025").listen.text(), "inet6:10025@::1");
}

TEST(Settings, AWrongAddressIsAnErrorThatShowsARightOne) {
  for (const char* listen : {"8897",
                             "inet:0@127.0.0.1",
                             "inet:65536@127.0.0.1",
                             "inet:8897@localhost",
                             "inet:8897@::1",
                             "inet6:8897@127.0.0.1",
                             "inet6:8897@IPv6:::1",
                             "inet:8897x@127.0.0.1",
                             "unix:gateway.sock",
                             "tcp:8897@127.0.0.1"}) {
    const std::string problems = problems_in(std::string{"listen: \""} + listen + "\"\n");
    EXPECT_NE(problems.find("write inet:8897@127.0.0.1"), std::string::npos) << listen << problems;
    EXPECT_TRUE(problems.starts_with("gateway.yaml:1:9: ")) << problems;
  }
  for (const char* metrics :
       {"9811", "localhost:9811", "127.0.0.1", "127.0.0.1:0", "[::1]", "IPv6:::1:9811"}) {
    const std::string problems = problems_in(std::string{"metrics: \""} + metrics + "\"\n");
    EXPECT_NE(problems.find("write 127.0.0.1:9811"), std::string::npos) << metrics << problems;
  }
}

TEST(Settings, NetworksMayBeNoneAndAWrongOneIsNamed) {
  EXPECT_FALSE(is_trusted(read("trusted_networks: []\n"), "127.0.0.1"));
  EXPECT_TRUE(is_trusted(read("trusted_networks: 192.0.2.0/24\n"), "192.0.2.7"));
  EXPECT_NE(problems_in("trusted_networks: [10.0.0.0/33]\n").find("'10.0.0.0/33' is no network"),
            std::string::npos);
}

TEST(Settings, EverythingWrongIsToldAtOnce) {
  const std::string problems = problems_in(R"(listne: inet:8897@127.0.0.1
degraded: {no_snapshot: reject}
limits: {connections: 0}
log: {level: loud}
drain: 30
)");
  for (const char* expected : {":1:1: ", "listen", ":2:", "tempfail", ":3:", ":4:", ":5:"}) {
    EXPECT_NE(problems.find(expected), std::string::npos) << expected << " in\n" << problems;
  }
}

TEST(Settings, SayHowLongDetectionsAreKept) {
  EXPECT_EQ(read("").keep_detections.age, std::chrono::days{90});
  EXPECT_EQ(read("").keep_detections.octets, std::uint64_t{1} << 30U);
  const auto keep = read("keep_detections: {age: 30d, size: 200MiB}\n").keep_detections;
  EXPECT_EQ(keep.age, std::chrono::days{30});
  EXPECT_EQ(keep.octets, std::uint64_t{200} * 1024 * 1024);
  EXPECT_NE(problems_in("keep_detections: {age: 59m}\n").find("at least 1h"), std::string::npos);
  EXPECT_NE(problems_in("keep_detections: {size: 63MiB}\n").find("at least 64MiB"),
            std::string::npos);
}

TEST(Settings, SayWhereDetectionsAreKept) {
  EXPECT_FALSE(read("").detections.has_value());
  EXPECT_EQ(read("detections: /var/lib/x\n").detections, "/var/lib/x");
  EXPECT_TRUE(read("detections: kept\n").detections.value().is_absolute());
  EXPECT_NE(problems_in("detections: ''\n").find(":1:"), std::string::npos);
  EXPECT_NE(problems_in("snapshot: /x\ndetections: /x/\n").find(":2:"), std::string::npos);
}

TEST(Settings, SayHowSendersAreAuthenticated) {
  const Settings settings = read(
      "authserv_id: mx.example.net\n"
      "dns: {timeout: 2s, servers: [192.0.2.53, \"127.0.0.1:5353\", \"[2001:db8::53]:53\"]}\n"
      "degraded: {authentication_unavailable: tempfail}\n");
  EXPECT_EQ(settings.session.authserv_id, "mx.example.net");
  EXPECT_EQ(settings.dns.timeout, std::chrono::seconds{2});
  EXPECT_EQ(settings.dns.servers.size(), 3U);
  EXPECT_EQ(settings.session.degraded.authentication_unavailable, policy::ActionKind::kTempFail);
  EXPECT_TRUE(read("dns: {servers: []}\n").dns.servers.empty());
}

TEST(Settings, WhatIsNoNameServerIsRefused) {
  for (const char* wrong : {"dns: {servers: [ns.example.net]}\n",
                            "dns: {timeout: 50ms}\n",
                            "dns: {timeout: 31s}\n",
                            "dns: {server: 192.0.2.53}\n",
                            "authserv_id: \"mx; example\"\n",
                            "authserv_id: \"\"\n"}) {
    EXPECT_FALSE(problems_in(wrong).empty()) << wrong;
  }
}

TEST(Settings, AnEmptyFileHasAllDefaultsAndAListIsNoSettings) {
  EXPECT_EQ(read("").listen.text(), "inet:8897@127.0.0.1");
  EXPECT_FALSE(problems_in("- a\n- b\n").empty());
}

TEST(Settings, AreLoadedFromAFile) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "gateway.yaml";
  policy::Problems missing;
  EXPECT_FALSE(load_settings(path, missing).has_value());
  EXPECT_NE(missing.text().find(path.string()), std::string::npos);
  tests::write_file(path, "snapshot: here\n");
  policy::Problems problems;
  const auto settings = load_settings(path, problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  EXPECT_EQ(settings->snapshot, folder.path() / "here");
}

TEST(Settings, GuardsOfTheRelayAreRead) {
  const Settings defaults = read("{}");
  EXPECT_EQ(defaults.outbound_tenants, "");
  EXPECT_EQ(defaults.session.outbound_daemon, "");
  EXPECT_EQ(defaults.session.loop_guard.passes, 4U);
  EXPECT_TRUE(defaults.session.loop_guard.relays.empty());
  const Settings settings = read(
      "outbound: {daemon_name: outbound, tenants: tenants.yaml}\n"
      "loop_guard: {relays: [MX1.Example.Net., mx2.example.net], passes: 0}\n");
  EXPECT_EQ(settings.outbound_tenants, "/etc/fromguard/tenants.yaml");
  EXPECT_EQ(settings.session.outbound_daemon, "outbound");
  EXPECT_EQ(settings.session.loop_guard.passes, 0U);
  EXPECT_EQ(settings.session.loop_guard.relays,
            (std::vector<std::string>{"mx1.example.net", "mx2.example.net"}));
  EXPECT_TRUE(read("loop_guard: {relays: []}\n").session.loop_guard.relays.empty());
}

TEST(Settings, HalfAGuardIsAnError) {
  EXPECT_TRUE(problems_in("outbound: {daemon_name: outbound}\n").contains("'tenants' is missing"));
  EXPECT_TRUE(problems_in("outbound: {tenants: a.yaml}\n").contains("'daemon_name' is missing"));
  EXPECT_TRUE(problems_in("outbound:\n").contains("'tenants' is missing"));
  EXPECT_TRUE(problems_in("outbound: {daemon_name: two words, tenants: a.yaml}\n")
                  .contains("1:25: 'daemon_name' must be one word"));
  EXPECT_TRUE(problems_in("outbound: {daemon_name: outbound, tenants: ''}\n")
                  .contains("'tenants' must be a file"));
  EXPECT_TRUE(
      problems_in("loop_guard: {relays: [a b], passes: 101}\n").contains("'a b' is no host name"));
}

}  // namespace
}  // namespace gateway
