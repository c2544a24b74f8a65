// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/refresher.h"

#include "directory/csv/csv_directory.h"
#include "directory/people/carry_forward.h"
#include "directory/people/content.h"
#include "directory/people/hygiene.h"
#include "directory/people/protection.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
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
#include <variant>
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
                                       const DirectorySettings& directory) {
  const std::int64_t begun = now_in_seconds();
  ProtectionFilter filter{organization};
  policy::Problems problems;
  const auto users = read_csv_directory(
      std::get<CsvSource>(directory.source).path,
      [&](const DirectoryUser& user) { filter.take(user); },
      problems);
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
    log_->write(EventId::kPublishFailed, {{.key = "error", .value = published.error().message}});
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
    const DirectorySettings& directory = organization.directories[index.directory];
    auto people = read_directory(organization, directory);
    if (!people.has_value()) {
      log_->write(EventId::kDirectoryFailed,
                  {{.key = "organization", .value = organization.name},
                   {.key = "directory", .value = directory.name},
                   {.key = "error", .value = people.error().message}});
      result.failed_directories.push_back(std::move(people).error());
      continue;
    }
    log_->write(EventId::kDirectoryRead,
                {{.key = "organization", .value = organization.name},
                 {.key = "directory", .value = directory.name},
                 {.key = "protected_people", .value = std::uint64_t{people->people.size()}}});
    read[index.organization][index.directory] = *std::move(people);
  }
  return read;
}

Result<DirectoryPeople> Refresher::carry_forward(PreviousPeople& previous,
                                                 const DirectoryIndex& index,
                                                 bool has_failed) const {
  const OrganizationSettings& organization = settings_->organizations[index.organization];
  const std::string& name = organization.directories[index.directory].name;
  auto carried = previous.of(organization, name);
  if (carried.has_value() && has_failed) {
    log_->write(EventId::kDirectoryCarriedForward,
                {{.key = "organization", .value = organization.name},
                 {.key = "directory", .value = name},
                 {.key = "protected_people", .value = std::uint64_t{carried->people.size()}}});
  }
  return carried;
}

Result<std::vector<OrganizationPeople>> Refresher::with_carried_forward(
    Read read, const std::set<DirectoryIndex>& due) const {
  PreviousPeople previous{publisher_->snapshots()};
  std::vector<OrganizationPeople> organizations;
  organizations.reserve(settings_->organizations.size());
  for (const OrganizationSettings& organization : settings_->organizations) {
    organizations.push_back({.settings = &organization, .directories = {}});
  }
  for (const DirectoryIndex& index : all_directories(*settings_)) {
    std::optional<DirectoryPeople>& fresh = read[index.organization][index.directory];
    auto people = fresh.has_value() ? Result<DirectoryPeople>{*std::move(fresh)}
                                    : carry_forward(previous, index, due.contains(index));
    if (!people.has_value()) {
      return std::unexpected{std::move(people).error()};
    }
    organizations[index.organization].directories.push_back(*std::move(people));
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
              {{.key = "generation", .value = published->generation},
               {.key = "organizations", .value = published->records.organizations},
               {.key = "people", .value = published->records.people},
               {.key = "names", .value = published->records.names},
               {.key = "addresses", .value = published->records.addresses}});
  if (published->is_new) {
    for (const OrganizationPeople& people : *organizations) {
      log_warnings(people);
    }
  }
  return {};
}

void Refresher::log_warnings(const OrganizationPeople& people) const {
  for (const ProtectionWarning& warning : find_missing(people)) {
    log_->write(EventId::kConfigurationWarning,
                {{.key = "organization", .value = people.settings->name},
                 {.key = "what", .value = warning.what},
                 {.key = "text", .value = warning.text}});
  }
  for (const ProtectionWarning& warning : find_doubtful_names(people)) {
    log_->write(EventId::kHygieneWarning,
                {{.key = "organization", .value = people.settings->name},
                 {.key = "what", .value = warning.what},
                 {.key = "text", .value = warning.text}});
  }
}

}  // namespace directory
