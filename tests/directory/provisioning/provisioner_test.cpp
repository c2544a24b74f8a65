// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/provisioning/provisioner.h"

#include "directory/clock.h"
#include "directory/exchange/plan.h"
#include "directory/jobs/jobs.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/provisioning/connector_control.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/config/problems.h"
#include "policy/event.h"
#include "policy/result.h"
#include "tests/directory/api/api_fixture.h"
#include "tests/directory/mail_check/scripted_dns.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/run_task.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDay = 86'400;

class ProvisionerTest : public ::testing::Test {
 protected:
  ProvisionerTest() {
    tests::MicrosoftSimulator::Settings simulated;
    simulated.people = 5;
    simulated.groups = 4;
    microsoft_ = tests::MicrosoftSimulator::start(simulated).value();
    control("application", R"({"exchange_roles": ["Exchange.ManageAsApp"]})");
    tests::write_file(folder_.path() / "secret", microsoft_->secret());
    std::filesystem::permissions(folder_.path() / "secret", std::filesystem::perms::owner_read);
    settings_ = read_settings();
    std::filesystem::create_directories(settings_.state);
    database_ = StateDatabase::open(folder_.path() / "database").value();
    records_ = std::make_unique<Records>(*database_);
    organizations_ = std::make_unique<tests::StillSyncControl>(settings_, *records_, jobs_);
    watch_ = std::make_unique<DomainWatch>(dns_, *database_, gateway_identity(settings_));
    const auto& source =
        std::get<Office365Source>(settings_.organizations.front().directories.front().source);
    tenant_ = Tenant::open(io_.get_executor(), source.application, log_).value();
    Provisioner::Parts parts;
    parts.settings = &settings_;
    parts.database = database_.get();
    parts.records = records_.get();
    parts.jobs = &jobs_;
    parts.control = organizations_.get();
    parts.tenant_of = [this](const DirectoryKey&) { return tenant_; };
    parts.watch = watch_.get();
    parts.log = &log_;
    parts.apply.first_pause = std::chrono::milliseconds{1};
    parts.apply.longest_pause = std::chrono::milliseconds{2};
    provisioner_ = std::make_unique<Provisioner>(io_.get_executor(), std::move(parts));
  }

  Settings read_settings() {
    policy::Problems problems;
    auto settings = parse_settings(
        "state: state\nsnapshots: snapshots\ngateway_addresses: [192.0.2.10]\n"
        "gateway_hostname: gw.example.net\nrelay_export: {directory: relay}\n"
        "organizations:\n  - name: contoso\n    directories:\n"
        "      - {name: Staff, type: office365, tenant: " +
            microsoft_->tenant() + ", client_id: " + microsoft_->client_id() +
            ", credential: {secret: secret}, features: [sync, provision], cloud: {login: \"" +
            microsoft_->login() + "\", graph: \"" + microsoft_->graph() + "\", exchange: \"" +
            microsoft_->exchange() + "\"}}\n    protect: {groups: [Leaders]}\n",
        folder_.path() / "directory.yaml",
        problems);
    EXPECT_TRUE(settings.has_value()) << problems.text();
    return *std::move(settings);
  }

  void control(const std::string& call, const std::string& body) {
    const auto done = microsoft_->control("POST", "/control/" + call, body);
    ASSERT_TRUE(done.has_value()) << call << body << done.error().message;
  }

  template <typename T>
  T run(Task<T> task) {
    return tests::run_task(io_, std::move(task));
  }

  void enable_domain() {
    ImportedDomain domain;
    domain.domain = "contoso.example";
    domain.source = key_;
    domain.next_hop = "mx.contoso.example";
    ASSERT_TRUE(records_->import_domains(key_, {domain}, now_in_seconds()).has_value());
    domain.is_relay_enabled = true;
    ASSERT_TRUE(records_->put_domain(domain, "domain.enable", {.name = "root"}).has_value());
  }

  void apply() {
    const auto plan = run(provisioner_->plan(key_));
    ASSERT_TRUE(plan.has_value()) << plan.error().message;
    const auto job = provisioner_->start_apply(key_, plan->plan.id, {.name = "root"});
    ASSERT_TRUE(job.has_value()) << job.error().message;
    io_.restart();
    while (jobs_.find(*job)->state == JobState::kRunning && io_.run_one() > 0) {
    }
    ASSERT_EQ(jobs_.find(*job)->state, JobState::kDone) << jobs_.find(*job)->message;
  }

  policy::Result<PlanReport> take(ConnectorStep step) {
    return run(provisioner_->take(key_, step, {.name = "root"}));
  }

  ProvisioningRecord record() { return read_provisioning(*database_, key_).value(); }

  std::vector<Notification> notifications() { return records_->notifications(10, 0).value(); }

  // Somebody switches the outbound connector on.
  void tamper() {
    const json::value all =
        json::parse(microsoft_->control("GET", "/control/exchange/objects").value());
    for (const json::value& each : all.at("objects").as_array()) {
      if (each.at("kind").as_string() == "outbound") {
        control("exchange/objects",
                R"({"kind": "outbound", "properties": {"Name": "fromguard Outbound Connector",
                    "Enabled": true, "Guid": ")" +
                    std::string{each.at("guid").as_string()} + "\"}}");
      }
    }
  }

  const DirectoryKey key_{.organization = "contoso", .directory = "Staff"};
  tests::TemporaryFolder folder_;
  std::unique_ptr<tests::MicrosoftSimulator> microsoft_;
  boost::asio::io_context io_{1};
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  Settings settings_;
  std::unique_ptr<StateDatabase> database_;
  std::unique_ptr<Records> records_;
  Jobs jobs_;
  std::unique_ptr<tests::StillSyncControl> organizations_;
  tests::ScriptedDns dns_;
  std::unique_ptr<DomainWatch> watch_;
  std::shared_ptr<Tenant> tenant_;
  std::unique_ptr<Provisioner> provisioner_;
};

TEST_F(ProvisionerTest, WhatIsAppliedIsKeptAndVerifiedAfterADayAlone) {
  apply();
  EXPECT_TRUE(record().is_applied);
  tamper();
  const auto watched = [this](std::int64_t now) {
    boost::asio::co_spawn(io_, provisioner_->verify_due(now), boost::asio::detached);
    io_.restart();
    io_.run();
  };
  watched(now_in_seconds() + kDay - 60);
  EXPECT_EQ(record().drift, "");
  watched(now_in_seconds() + kDay + 60);
  EXPECT_EQ(record().drift, "'fromguard Outbound Connector' differs in Enabled");
  ASSERT_EQ(notifications().size(), 1U);
  EXPECT_EQ(notifications().front().what, "connector_drift");
  ASSERT_TRUE(records_->resolve_notifications(key_).has_value());
  EXPECT_FALSE(notifications().front().is_resolved);
  apply();
  EXPECT_TRUE(notifications().front().is_resolved);
}

TEST_F(ProvisionerTest, TheLockNeedsEveryDomainAndItsTime) {
  const auto early = take(ConnectorStep::kLock);
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().code, policy::ErrorCode::kConflict);
  EXPECT_NE(early.error().message.find("no domain is enabled"), std::string::npos);
  apply();
  enable_domain();
  dns_.set_mx("contoso.example", {"gw.example.net", "mail.elsewhere.example"}, 3600);
  EXPECT_FALSE(take(ConnectorStep::kLock).has_value());
  dns_.set_mx("contoso.example", {"gw.example.net"}, 3600);
  const auto waiting = take(ConnectorStep::kLock);
  ASSERT_FALSE(waiting.has_value());
  EXPECT_EQ(waiting.error().message.find("let every MX"), std::string::npos);
  EXPECT_FALSE(record().is_locked);
}

TEST_F(ProvisionerTest, ALockThatFailsIsNotWantedAndAnUnlockThatFailsIs) {
  apply();
  enable_domain();
  dns_.set_mx("contoso.example", {"gw.example.net"}, 0);
  constexpr std::string_view kDown =
      R"({"kind": "status", "path": "/adminapi", "status": 400, "count": 1, "cmdlet": "Set-InboundConnector"})";
  control("faults", std::string{kDown});
  EXPECT_FALSE(take(ConnectorStep::kLock).has_value());
  EXPECT_FALSE(record().is_locked);
  ASSERT_TRUE(take(ConnectorStep::kLock).has_value());
  EXPECT_TRUE(record().is_locked);
  control("faults", std::string{kDown});
  EXPECT_FALSE(take(ConnectorStep::kUnlock).has_value());
  EXPECT_FALSE(record().is_locked);
  const auto compared = run(provisioner_->verify(key_));
  ASSERT_TRUE(compared.has_value());
  EXPECT_FALSE(compared->plan.is_fulfilled());
}

TEST_F(ProvisionerTest, OneWorkAtATime) {
  apply();
  const auto other =
      jobs_.begin({.kind = "connectors", .subject = "contoso/Staff", .organization = "contoso"}, 1);
  ASSERT_TRUE(other.has_value());
  const auto busy = take(ConnectorStep::kUnlock);
  ASSERT_FALSE(busy.has_value());
  EXPECT_EQ(busy.error().code, policy::ErrorCode::kBusy);
}

TEST_F(ProvisionerTest, TheGatewayLearnsOfTheTenantBeforeItsMailComes) {
  apply();
  enable_domain();
  dns_.permitted = {"192.0.2.10"};
  control("faults", R"({"kind": "status", "path": "/adminapi", "status": 400, "count": 1,
                        "cmdlet": "New-TransportRule"})");
  EXPECT_FALSE(take(ConnectorStep::kEnableOutbound).has_value());
  const auto file = folder_.path() / "relay" / "outbound_tenants.yaml";
  ASSERT_TRUE(std::filesystem::exists(file));
  ASSERT_TRUE(take(ConnectorStep::kEnableOutbound).has_value());
  std::ifstream stream{file};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  EXPECT_NE(text.find(microsoft_->tenant()), std::string::npos) << text;
  ASSERT_TRUE(run(provisioner_->remove(key_, {.name = "root"})).has_value());
  std::ifstream again{file};
  const std::string rest{std::istreambuf_iterator<char>{again}, {}};
  EXPECT_NE(rest.find("tenants: []"), std::string::npos) << rest;
}

TEST_F(ProvisionerTest, ADirectoryWithoutTheFeatureHasNoConnectors) {
  std::get<Office365Source>(settings_.organizations.front().directories.front().source).features = {
      Feature::kSync};
  organizations_->configuration_changed();
  const auto refused = run(provisioner_->plan(key_));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("add provision to its features"), std::string::npos);
  EXPECT_TRUE(provisioner_->standings()->empty());
}

}  // namespace
}  // namespace directory
