// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/generation_work.h"

#include "directory/people/carry_forward.h"
#include "directory/people/content.h"
#include "directory/people/hygiene.h"
#include "directory/people/protection.h"
#include "directory/people/protection_report.h"
#include "directory/people/stored_people.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/state_database.h"
#include "policy/event.h"
#include "policy/result.h"

#include <expected>
#include <memory>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::EventId;
using policy::Result;

Result<DirectoryPeople> people_of(const OrganizationSettings& organization,
                                  const DirectorySettings& directory,
                                  const std::shared_ptr<const StateReader>& state,
                                  PreviousPeople& previous) {
  const auto view =
      ContentView::open(state, {.organization = organization.name, .directory = directory.name});
  if (!view.has_value()) {
    return std::unexpected{view.error()};
  }
  return view->sync_state().live_set == 0 ? previous.of(organization, directory.name)
                                          : protected_people(*view, organization);
}

Result<OrganizationPeople> people_of_all(const OrganizationSettings& organization,
                                         const std::shared_ptr<const StateReader>& state,
                                         PreviousPeople& previous) {
  OrganizationPeople people{.settings = &organization, .directories = {}};
  for (const DirectorySettings& directory : organization.directories) {
    auto read = people_of(organization, directory, state, previous);
    if (!read.has_value()) {
      return std::unexpected{std::move(read).error()};
    }
    people.directories.push_back(*std::move(read));
  }
  complete_people(people);
  return people;
}

Result<std::vector<OrganizationPeople>> all_people(
    const std::vector<OrganizationSettings>& organizations,
    const std::shared_ptr<const StateReader>& state,
    PreviousPeople& previous) {
  std::vector<OrganizationPeople> all;
  all.reserve(organizations.size());
  for (const OrganizationSettings& organization : organizations) {
    auto people = people_of_all(organization, state, previous);
    if (!people.has_value()) {
      return std::unexpected{std::move(people).error()};
    }
    all.push_back(*std::move(people));
  }
  return all;
}

void log_warnings(const ProtectionReport& report, const policy::EventLog& log) {
  for (const ProtectionWarning& warning : report.warnings) {
    log.write(warning.subject.empty() ? EventId::kHygieneWarning : EventId::kConfigurationWarning,
              {{.key = "organization", .value = report.organization},
               {.key = "what", .value = warning.what},
               {.key = "text", .value = warning.text}});
  }
}

}  // namespace

ContentPublication publish_content(Publisher& publisher,
                                   const std::vector<OrganizationSettings>& organizations,
                                   const std::shared_ptr<const StateReader>& state,
                                   const policy::EventLog& log) {
  PreviousPeople previous{publisher.snapshots()};
  const auto people = all_people(organizations, state, previous);
  auto published = people.has_value() ? publisher.publish(make_content(*people))
                                      : Result<Publication>{std::unexpected{people.error()}};
  if (!published.has_value()) {
    log.write(EventId::kPublishFailed, {{.key = "error", .value = published.error().message}});
    return {.publication = std::move(published), .reports = {}};
  }
  log.write(published->is_new ? EventId::kGenerationPublished : EventId::kGenerationUnchanged,
            {{.key = "generation", .value = published->generation},
             {.key = "organizations", .value = published->records.organizations},
             {.key = "people", .value = published->records.people},
             {.key = "names", .value = published->records.names},
             {.key = "addresses", .value = published->records.addresses}});
  ContentPublication made{.publication = std::move(published), .reports = {}};
  for (const OrganizationPeople& each : *people) {
    made.reports.push_back(report_on(each));
    if (made.publication->is_new) {
      log_warnings(made.reports.back(), log);
    }
  }
  return made;
}

}  // namespace directory
