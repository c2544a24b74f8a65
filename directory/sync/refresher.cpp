// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/refresher.h"

#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/sync/carry_forward.h"
#include "directory/sync/content.h"
#include "directory/sync/csv_directory.h"
#include "directory/sync/hygiene.h"
#include "directory/sync/protection.h"
#include "policy/config/problems.h"
#include "policy/event.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::EventId;
using policy::Result;

std::int64_t now_in_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

std::set<DirectoryIndex> all_directories(const Settings& settings) {
  std::set<DirectoryIndex> all;
  for (std::size_t i = 0; i < settings.organizations.size(); ++i) {
    for (std::size_t j = 0; j < settings.organizations[i].directories.size(); ++j) {
      all.insert({.organization = i, .directory = j});
    }
  }
  return all;
}

Result<DirectoryPeople> read_directory(const OrganizationSettings& organization,
                                       const CsvDirectorySettings& directory) {
  const std::int64_t begun = now_in_seconds();
  ProtectionFilter filter{organization};
  policy::Problems problems;
  const auto users = read_csv_directory(
      directory.path, [&](const DirectoryUser& user) { filter.take(user); }, problems);
  if (!problems.all().empty()) {
    // Nobody is left to tell when standard error itself fails.
    static_cast<void>(std::fputs(problems.text().c_str(), stderr));
  }
  if (!users.has_value()) {
    return std::unexpected{users.error()};
  }
  DirectoryPeople people = filter.finish();
  people.synced = begun;
  return people;
}

RoundResult Refresher::refresh(const std::set<DirectoryIndex>& due) {
  RoundResult result;
  Read read = read_due(due, result);
  if (result.failed_directories.size() == due.size()) {
    return result;
  }
  if (auto published = publish(std::move(read), due); !published.has_value()) {
    log_->write(EventId::kPublishFailed, {{"error", published.error().message}});
    result.publish_failure = std::move(published).error();
  }
  return result;
}

Refresher::Read Refresher::read_due(const std::set<DirectoryIndex>& due,
                                    RoundResult& result) const {
  Read read;
  for (const OrganizationSettings& organization : settings_->organizations) {
    read.emplace_back(organization.directories.size());
  }
  for (const DirectoryIndex& index : due) {
    const OrganizationSettings& organization = settings_->organizations[index.organization];
    const CsvDirectorySettings& directory = organization.directories[index.directory];
    auto people = read_directory(organization, directory);
    if (!people.has_value()) {
      log_->write(EventId::kDirectoryFailed,
                  {{"organization", organization.name},
                   {"directory", directory.name},
                   {"error", people.error().message}});
      result.failed_directories.push_back(std::move(people).error());
      continue;
    }
    log_->write(EventId::kDirectoryRead,
                {{"organization", organization.name},
                 {"directory", directory.name},
                 {"protected_people", std::uint64_t{people->people.size()}}});
    read[index.organization][index.directory] = *std::move(people);
  }
  return read;
}

Result<std::vector<OrganizationPeople>> Refresher::with_carried_forward(
    Read read, const std::set<DirectoryIndex>& due) const {
  PreviousPeople previous{publisher_->snapshots()};
  std::vector<OrganizationPeople> organizations;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const OrganizationSettings& settings = settings_->organizations[i];
    OrganizationPeople people{.settings = &settings, .directories = {}};
    for (std::size_t j = 0; j < read[i].size(); ++j) {
      if (read[i][j].has_value()) {
        people.directories.push_back(*std::exchange(read[i][j], std::nullopt));
        continue;
      }
      const std::string& name = settings.directories[j].name;
      auto carried = previous.of(settings, name);
      if (!carried.has_value()) {
        return std::unexpected{std::move(carried).error()};
      }
      if (due.contains({.organization = i, .directory = j})) {
        log_->write(EventId::kDirectoryCarriedForward,
                    {{"organization", settings.name},
                     {"directory", name},
                     {"protected_people", std::uint64_t{carried->people.size()}}});
      }
      people.directories.push_back(*std::move(carried));
    }
    organizations.push_back(std::move(people));
  }
  return organizations;
}

Result<void> Refresher::publish(Read read, const std::set<DirectoryIndex>& due) const {
  auto organizations = with_carried_forward(std::move(read), due);
  if (!organizations.has_value()) {
    return std::unexpected{std::move(organizations).error()};
  }
  for (OrganizationPeople& people : *organizations) {
    complete_people(people);
  }
  const auto published = publisher_->publish(make_content(*organizations));
  if (!published.has_value()) {
    return std::unexpected{published.error()};
  }
  log_->write(published->is_new ? EventId::kGenerationPublished : EventId::kGenerationUnchanged,
              {{"generation", published->generation},
               {"organizations", published->records.organizations},
               {"people", published->records.people},
               {"names", published->records.names},
               {"addresses", published->records.addresses}});
  if (published->is_new) {
    for (const OrganizationPeople& people : *organizations) {
      log_warnings(people);
    }
  }
  return {};
}

void Refresher::log_warnings(const OrganizationPeople& people) const {
  for (const ProtectionWarning& warning : find_missing(people)) {
    log_->write(
        EventId::kConfigurationWarning,
        {{"organization", people.settings->name}, {"what", warning.what}, {"text", warning.text}});
  }
  for (const ProtectionWarning& warning : find_doubtful_names(people)) {
    log_->write(
        EventId::kHygieneWarning,
        {{"organization", people.settings->name}, {"what", warning.what}, {"text", warning.text}});
  }
}

}  // namespace directory
