// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/check.h"

#include "directory/commands/failure_status.h"
#include "directory/csv/csv_directory.h"
#include "directory/notify/signature.h"
#include "directory/notify_settings.h"
#include "directory/people/content.h"
#include "directory/people/directory_user.h"
#include "directory/people/hygiene.h"
#include "directory/people/protection.h"
#include "directory/people/protection_report.h"
#include "directory/settings.h"
#include "policy/config/problems.h"
#include "policy/exit_status.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <cstdio>
#include <expected>
#include <string>
#include <utility>
#include <variant>
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

// Who of a CSV file would be protected. Bad rows go to standard error.
policy::Result<DirectoryPeople> read_file(const OrganizationSettings& organization,
                                          const CsvSource& source) {
  ProtectionFilter filter{organization};
  policy::Problems problems;
  const auto users = read_csv_directory(
      source.path, [&](const DirectoryUser& user) { filter.take(user); }, problems);
  // Nobody is left to tell when standard error itself fails.
  static_cast<void>(std::fputs(problems.text().c_str(), stderr));
  if (!users.has_value()) {
    return std::unexpected{users.error()};
  }
  return filter.finish();
}

ExitStatus check_organization(const OrganizationSettings& organization) {
  ExitStatus status = ExitStatus::kDone;
  bool reads_all = true;
  OrganizationPeople people{.settings = &organization, .directories = {}};
  for (const DirectorySettings& directory : organization.directories) {
    const std::string name = policy::visible_text(organization.name + "/" + directory.name);
    const auto* source = std::get_if<CsvSource>(&directory.source);
    if (source == nullptr) {
      fmt::print("{}: read from its tenant when the daemon runs\n", name);
      reads_all = false;
      continue;
    }
    auto read = read_file(organization, *source);
    if (!read.has_value()) {
      status = failure_status(read.error().code);
      fmt::print(stderr, "{}: {}\n", name, policy::visible_text(read.error().message));
      continue;
    }
    fmt::print("{}: {} protected people\n", name, read->people.size());
    people.directories.push_back(*std::move(read));
  }
  // With a directory missing, most of what is declared would seem to be missing too.
  if (status == ExitStatus::kDone && reads_all) {
    complete_people(people);
    print_warnings(organization, find_missing(people));
    print_warnings(organization, find_doubtful_names(people));
  }
  return status;
}

// Whether what is sent can be signed.
ExitStatus check_webhook(const WebhookSettings& webhook) {
  const auto key = read_webhook_key(webhook.secret);
  if (key.has_value()) {
    return ExitStatus::kDone;
  }
  fmt::print(stderr,
             "{}: {}\n",
             policy::visible_text(webhook.name),
             policy::visible_text(key.error().message));
  return failure_status(key.error().code);
}

}  // namespace

policy::ExitStatus check(const Settings& settings) {
  ExitStatus status = ExitStatus::kDone;
  for (const WebhookSettings& webhook : settings.notify.webhooks) {
    const ExitStatus checked = check_webhook(webhook);
    status = checked == ExitStatus::kDone ? status : checked;
  }
  for (const OrganizationSettings& organization : settings.organizations) {
    const ExitStatus checked = check_organization(organization);
    status = checked == ExitStatus::kDone ? status : checked;
  }
  return status;
}

}  // namespace directory
