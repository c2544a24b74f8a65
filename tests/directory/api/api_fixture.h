// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/access_control.h"
#include "directory/api/api.h"
#include "directory/api/events.h"
#include "directory/graph/graph_client.h"
#include "directory/http/server.h"
#include "directory/jobs/jobs.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/people/protection_report.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "tests/directory/mail_check/scripted_dns.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// The part of the daemon that the API asks, without anything to sync.
class StillSyncControl final : public directory::SyncControl {
 public:
  StillSyncControl(const directory::Settings& settings,
                   const directory::Records& records,
                   directory::Jobs& jobs);

  policy::Result<std::uint64_t> start_sync(const directory::DirectoryKey& key,
                                           const directory::SyncRequest& request) override;
  void configuration_changed() override;
  const std::vector<directory::OrganizationSettings>& organizations() const override;
  const std::vector<directory::ProtectionReport>& protection_reports() const override;
  /// Throws while `fails` is set.
  std::int64_t next_sync(const directory::DirectoryKey& key) const override;
  directory::GraphAnswerCounts graph_answers(const directory::DirectoryKey& key) const override;
  directory::Task<policy::Result<std::vector<directory::PermissionState>>> permissions(
      directory::DirectoryKey key) override;
  policy::Result<std::string> authorization_url(const directory::DirectoryKey& key) override;
  directory::Task<policy::Result<std::string>> complete_authorization(std::string query) override;

  int changes = 0;
  bool fails = false;
  directory::SyncRequest asked;
  policy::Result<std::string> authorization = "Authorized.";
  std::vector<directory::ProtectionReport> reports;

 private:
  const directory::Settings* settings_;
  const directory::Records* records_;
  directory::Jobs* jobs_;
  std::vector<directory::OrganizationSettings> organizations_;
};

/// What a handler answers to a request.
[[nodiscard]] directory::ServedResponse ask(const directory::HttpHandler& handler,
                                            directory::ServedRequest request);

/// contoso with the Office 365 directory Staff and the CSV directory Guests; Ada is in Board, which
/// is in Leaders; Bob is in Leaders. Leaders is in itself through a circle.
class ApiTest : public ::testing::Test {
 protected:
  ApiTest();

  /// The status and the JSON of the answer, as root.
  struct Reply {
    unsigned status = 0;
    boost::json::value json;

    [[nodiscard]] std::string detail() const;
  };

  Reply call(std::string method, const std::string& target, std::string body = "");
  /// What a daemon has that reads no detections and pulls nothing back.
  directory::ApiServices services();
  void put_people();
  void import_domain(const std::string& domain, const std::string& next_hop);

  tests::TemporaryFolder folder_;
  directory::Settings settings_;
  std::unique_ptr<directory::StateDatabase> database_;
  directory::DirectoryContent content_;
  directory::Records records_;
  directory::Jobs jobs_;
  StillSyncControl control_;
  std::unique_ptr<directory::AccessControl> access_;
  ScriptedDns dns_;
  directory::DomainWatch domain_watch_;
  boost::asio::io_context io_;
  directory::EventHub events_;
  directory::HttpHandler api_;
};

}  // namespace tests
