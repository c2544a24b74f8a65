// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/check.h"

#include "directory/commands/failure_status.h"
#include "directory/people/content.h"
#include "directory/people/hygiene.h"
#include "directory/people/protection.h"
#include "directory/settings.h"
#include "directory/sync/refresher.h"
#include "policy/exit_status.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::ExitStatus;

void print_warnings(const OrganizationSettings& organization,
                    const std::vector<ProtectionWarning>& warnings) {
  for (const ProtectionWarning& warning : warnings) {
    fmt::print("{}: warning: {}: {}\n",
               policy::visible_text(organization.name),
               warning.what,
               policy::visible_text(warning.text));
  }
}

ExitStatus check_organization(const OrganizationSettings& organization) {
  ExitStatus status = ExitStatus::kDone;
  OrganizationPeople people{.settings = &organization, .directories = {}};
  for (const DirectorySettings& directory : organization.directories) {
    auto read = read_directory(organization, directory);
    const std::string name = policy::visible_text(organization.name + "/" + directory.name);
    if (!read.has_value()) {
      status = failure_status(read.error().code);
      fmt::print(stderr, "{}: {}\n", name, policy::visible_text(read.error().message));
      continue;
    }
    fmt::print("{}: {} protected people\n", name, read->people.size());
    people.directories.push_back(*std::move(read));
  }
  // With a directory missing, most of what is declared would seem to be missing too.
  if (status == ExitStatus::kDone) {
    complete_people(people);
    print_warnings(organization, find_missing(people));
    print_warnings(organization, find_doubtful_names(people));
  }
  return status;
}

}  // namespace

policy::ExitStatus check(const Settings& settings) {
  ExitStatus status = ExitStatus::kDone;
  for (const OrganizationSettings& organization : settings.organizations) {
    const ExitStatus checked = check_organization(organization);
    status = checked == ExitStatus::kDone ? status : checked;
  }
  return status;
}

}  // namespace directory
