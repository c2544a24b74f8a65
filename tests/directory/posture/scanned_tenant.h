// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding.h"
#include "directory/posture/posture_scan.h"
#include "directory/posture/scan_record.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/tenant.h"
#include "policy/event.h"
#include "policy/result.h"
#include "tests/directory/mail_check/scripted_dns.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tests {

/// A simulated tenant with its own state database, and scans of it.
class ScannedTenant {
 public:
  /// Somewhen in November 2026, in seconds since 1970.
  static constexpr std::int64_t kNow = 1'795'000'000;

  explicit ScannedTenant(std::size_t people = 2);

  /// A call of the simulator's control API: `changes` with this body.
  void control(const std::string& call, const std::string& body);

  /// Ends faults and throttling.
  void clear_faults();

  /// Gives the application these permissions alone.
  void set_roles(const std::string& roles);

  /// How often an endpoint of the simulator was asked.
  [[nodiscard]] std::uint64_t requests(const std::string& endpoint) const {
    return microsoft_->requests(endpoint);
  }

  /// Runs a scan to its end, or until it stops by itself.
  [[nodiscard]] policy::Result<void> scan();

  [[nodiscard]] directory::ScanRecord record() const;

  [[nodiscard]] std::vector<directory::PostureFinding> findings() const;

  /// The state of a finding on the subject of this label: `open`, `resolved`, `not_evaluated`, or
  /// empty where nothing is kept.
  [[nodiscard]] std::string state(const std::string& finding, const std::string& label) const;

  /// The finding on the subject of this label, which is there.
  [[nodiscard]] directory::PostureFinding finding(const std::string& finding,
                                                  const std::string& label) const;

  [[nodiscard]] std::vector<directory::Notification> notifications();

  ScriptedDns dns;
  std::int64_t now = kNow;
  /// The scan is cancelled after so many reports of its progress; 0: never.
  int cancelled_after = 0;

 private:
  [[nodiscard]] directory::PostureScan::Parts parts();

  const directory::DirectoryKey key_{.organization = "contoso", .directory = "Office 365"};
  TemporaryFolder folder_;
  std::unique_ptr<MicrosoftSimulator> microsoft_;
  boost::asio::io_context io_{1};
  policy::EventLog log_;
  std::unique_ptr<directory::StateDatabase> database_;
  std::unique_ptr<directory::Records> records_;
  std::unique_ptr<directory::Tenant> tenant_;
  int reports_ = 0;
};

}  // namespace tests
