// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/api/api_fixture.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/secrets.h"
#include "directory/api/api.h"
#include "directory/directory_settings.h"
#include "directory/http/server.h"
#include "directory/jobs/jobs.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/people/protection_report.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/config/problems.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tests {
namespace {

using directory::DirectoryKey;
using directory::StoredMemberKind;

constexpr directory::PasswordCost kFastPasswords{.passes = 1, .memory_octets = 8192};
constexpr std::int64_t kNow = 1'700'000'000;

directory::Settings settings_of(const std::filesystem::path& folder) {
  policy::Problems problems;
  auto settings = directory::parse_settings(
      "state: state\nsnapshots: snapshots\n"
      "gateway_addresses: [192.0.2.10, 198.51.100.0/24]\ngateway_hostname: gw.example.net\n"
      "organizations:\n  - name: contoso\n"
      "    domains: [contoso.com]\n    directories:\n"
      "      - {name: Staff, type: office365, tenant: contoso.example, client_id: app,"
      " credential: {secret: s}}\n"
      "      - {name: Guests, type: csv, path: guests.csv}\n"
      "    protect: {groups: [Leaders], people: [dan@contoso.com]}\n"
      "    secondary_emails: {bob@contoso.com: [bob@home.example]}\n",
      folder / "directory.yaml",
      problems);
  if (!settings.has_value()) {
    throw std::runtime_error{problems.text()};
  }
  return *std::move(settings);
}

directory::StoredUser user_of(const std::string& id, const std::string& name) {
  directory::StoredUser user;
  user.id = id;
  user.display_name = name;
  user.mail = id + "@contoso.com";
  user.user_principal_name = id + "@contoso.onmicrosoft.example";
  return user;
}

directory::StoredGroup group_of(const std::string& id, const std::string& name) {
  directory::StoredGroup group;
  group.id = id;
  group.display_name = name;
  return group;
}

}  // namespace

StillSyncControl::StillSyncControl(const directory::Settings& settings,
                                   const directory::Records& records,
                                   directory::Jobs& jobs)
    : settings_(&settings),
      records_(&records),
      jobs_(&jobs),
      organizations_(settings.organizations) {}

policy::Result<std::uint64_t> StillSyncControl::start_sync(const DirectoryKey& key,
                                                           const directory::SyncRequest& request) {
  asked = request;
  return jobs_->begin({.kind = "sync",
                       .subject = key.organization + "/" + key.directory,
                       .organization = key.organization},
                      kNow);
}

void StillSyncControl::configuration_changed() {
  ++changes;
  // In memory of their own, as those of the daemon: who kept an old one reads what is gone.
  organizations_ = std::vector<directory::OrganizationSettings>{settings_->organizations};
  const auto all = records_->directories().value();
  for (const auto& added : all) {
    auto& directories = organizations_.front().directories;
    directories.push_back(directory::parse_directory_settings(added.settings, "/").value());
  }
}

const std::vector<directory::OrganizationSettings>& StillSyncControl::organizations() const {
  return organizations_;
}

const std::vector<directory::ProtectionReport>& StillSyncControl::protection_reports() const {
  return reports;
}

directory::GraphAnswerCounts StillSyncControl::graph_answers(const DirectoryKey& /*key*/) const {
  return {};
}

std::int64_t StillSyncControl::next_sync(const DirectoryKey& key) const {
  if (fails) {
    throw std::runtime_error{"a fault"};
  }
  return key.directory == "Guests" ? kNow + 60 : 0;
}

directory::Task<policy::Result<std::vector<directory::PermissionState>>>
StillSyncControl::permissions(DirectoryKey key) {
  directory::PermissionState state;
  state.feature = "sync";
  state.permission = "User.Read.All";
  state.purpose = "read " + key.directory;
  co_return std::vector<directory::PermissionState>(1, state);
}

policy::Result<std::string> StillSyncControl::authorization_url(const DirectoryKey& key) {
  if (key.directory != "Staff") {
    return policy::fail(policy::ErrorCode::kInvalidInput, "a CSV file needs no consent");
  }
  return "https://login.example/consent";
}

directory::Task<policy::Result<std::string>> StillSyncControl::complete_authorization(
    std::string query) {
  static_cast<void>(query);
  co_return authorization;
}

directory::ServedResponse ask(const directory::HttpHandler& handler,
                              directory::ServedRequest request) {
  boost::asio::io_context io;
  directory::ServedResponse answered;
  boost::asio::co_spawn(io,
                        handler(std::move(request)),
                        [&](const std::exception_ptr& failure, directory::ServedResponse response) {
                          answered = std::move(response);
                          answered.status = failure == nullptr ? answered.status : 999;
                        });
  io.run();
  return answered;
}

ApiTest::ApiTest()
    : settings_(settings_of(folder_.path())),
      database_(directory::StateDatabase::open(folder_.path() / "state").value()),
      content_(directory::DirectoryContent::open(*database_).value()),
      records_(*database_),
      control_(settings_, records_, jobs_),
      access_(directory::AccessControl::open(*database_, kNow, kFastPasswords).value()),
      domain_watch_(dns_, *database_, directory::gateway_identity(settings_)),
      events_(io_.get_executor()),
      api_(directory::make_socket_handler(services())) {
  put_people();
}

directory::ApiServices ApiTest::services() {
  return {.database = database_.get(),
          .content = &content_,
          .records = &records_,
          .jobs = &jobs_,
          .control = &control_,
          .events = &events_,
          .settings = &settings_,
          .folder = folder_.path(),
          .access = access_.get(),
          .domain_watch = &domain_watch_};
}

void ApiTest::put_people() {
  const DirectoryKey key{.organization = "contoso", .directory = "Staff"};
  auto state = content_.with_new_round({}, directory::RoundKind::kFull, kNow);
  directory::StagedPage page{*database_, key, state};
  page.put_user(user_of("ada", "Ada Lovelace"));
  page.put_user(user_of("bob", "Bob Noyce"));
  page.put_user(user_of("cleo", "Cl\xc3\xa9o <b>\xe2\x80\xae"));
  page.put_user(user_of("dan", "Dan Brown"));
  page.put_user(user_of("eve", "Eve Straße"));
  page.put_group(group_of("g1", "Board"));
  page.put_group(group_of("g2", "Leaders"));
  page.put_group(group_of("g3", "Crew"));
  page.put_group(group_of("g4", "crew"));
  page.put_member("g1", "ada", StoredMemberKind::kUser);
  page.put_member("g2", "g1", StoredMemberKind::kGroup);
  page.put_member("g1", "g2", StoredMemberKind::kGroup);
  page.put_member("g2", "bob", StoredMemberKind::kUser);
  page.put_member("g3", "eve", StoredMemberKind::kUser);
  page.put_member("g3", "device", StoredMemberKind::kOther);
  state.round->users_done = true;
  state.round->groups_done = true;
  if (!page.commit(state).has_value() || !content_.put_in_force(key, state).has_value()) {
    throw std::runtime_error{"the people cannot be written"};
  }
}

void ApiTest::import_domain(const std::string& domain, const std::string& next_hop) {
  directory::ImportedDomain imported;
  imported.domain = domain;
  imported.source = {.organization = "contoso", .directory = "Staff"};
  imported.next_hop = next_hop;
  std::vector<directory::ImportedDomain> all{imported};
  const auto before = records_.domains().value();
  for (const auto& known : before) {
    if (known.domain != domain) {
      all.push_back(known);
    }
  }
  static_cast<void>(records_.import_domains(imported.source, all, kNow).value());
}

ApiTest::Reply ApiTest::call(std::string method, const std::string& target, std::string body) {
  directory::ServedRequest request;
  request.method = std::move(method);
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = "/api/v1/" + target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
  request.body = std::move(body);
  request.peer = directory::PeerCredentials{};
  const auto response = ask(api_, std::move(request));
  return {.status = response.status, .json = boost::json::parse(response.body)};
}

std::string ApiTest::Reply::detail() const {
  const auto* found = json.as_object().if_contains("detail");
  return found == nullptr ? "" : std::string{found->as_string()};
}

}  // namespace tests
