// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/posture/scanned_tenant.h"

#include "directory/graph/graph_client.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/posture_scan.h"
#include "directory/posture/scan_record.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/mail_records/public_suffix_list.h"
#include "policy/result.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/registered_application.h"
#include "tests/support/run_task.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tests {

ScannedTenant::ScannedTenant(std::size_t people)
    : log_(policy::LogLevel::kError, policy::LogFormat::kText) {
  MicrosoftSimulator::Settings simulated;
  simulated.people = people;
  simulated.groups = 4;
  microsoft_ = MicrosoftSimulator::start(simulated).value();
  database_ = directory::StateDatabase::open(folder_.path() / "database").value();
  records_ = std::make_unique<directory::Records>(*database_);
  tenant_ = directory::Tenant::open(
                io_.get_executor(), registered_application(*microsoft_, folder_.path()), log_)
                .value();
  set_roles(R"("User.Read.All", "Domain.Read.All", "UserAuthenticationMethod.Read.All",
               "MailboxSettings.Read", "Calendars.Read", "Application.Read.All",
               "Directory.Read.All")");
}

void ScannedTenant::control(const std::string& call, const std::string& body) {
  const auto done = microsoft_->control("POST", "/control/" + call, body);
  if (!done.has_value()) {
    throw std::invalid_argument{call + body + done.error().message};
  }
}

void ScannedTenant::clear_faults() {
  ASSERT_TRUE(microsoft_->control("DELETE", "/control/faults").has_value());
}

void ScannedTenant::set_roles(const std::string& roles) {
  control("application", R"({"roles": [)" + roles + "]}");
  tenant_->tokens().forget(directory::Audience::kGraph);
}

directory::PostureScan::Parts ScannedTenant::parts() {
  return {
      .posture = &tenant_->posture(),
      .queries = &tenant_->queries(),
      .dns = &dns,
      .suffixes =
          policy::PublicSuffixList::load("/usr/share/publicsuffix/public_suffix_list.dat").value(),
      .database = database_.get(),
      .records = records_.get(),
      .roles = {},
      .now = [this] { return now; },
      .is_cancelled = [this] { return cancelled_after != 0 && reports_ >= cancelled_after; },
      .progress = [this](std::uint64_t, std::uint64_t, const std::string&) { ++reports_; }};
}

policy::Result<void> ScannedTenant::scan() {
  reports_ = 0;
  const auto token = run_task(io_, tenant_->tokens().token(directory::Audience::kGraph));
  auto with_roles = parts();
  with_roles.roles = token.value().roles;
  directory::PostureScan posture_scan{std::move(with_roles), key_};
  return run_task(io_, posture_scan.run());
}

directory::ScanRecord ScannedTenant::record() const {
  return directory::read_scan(*database_, key_).value();
}

std::vector<directory::PostureFinding> ScannedTenant::findings() const {
  std::vector<directory::PostureFinding> all;
  const auto read = directory::for_each_finding(
      *database_, "", "", [&](const std::string&, directory::KeptFinding kept) {
        all.push_back(std::move(kept.finding));
        return true;
      });
  EXPECT_TRUE(read.has_value());
  return all;
}

std::string ScannedTenant::state(const std::string& finding, const std::string& label) const {
  for (const directory::PostureFinding& each : findings()) {
    if (each.finding == finding && each.subject.label == label) {
      return std::string{directory::word_of(each.state)};
    }
  }
  return "";
}

directory::PostureFinding ScannedTenant::finding(const std::string& finding,
                                                 const std::string& label) const {
  auto all = findings();
  for (directory::PostureFinding& each : all) {
    if (each.finding == finding && each.subject.label == label) {
      return std::move(each);
    }
  }
  throw std::out_of_range{finding + " on " + label};
}

std::vector<directory::Notification> ScannedTenant::notifications() {
  return records_->notifications(100, 0).value();
}

}  // namespace tests
