// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/digest.h"

#include "directory/detections/detection_counts.h"
#include "directory/detections/detections.h"
#include "directory/notify/mail_message.h"
#include "directory/notify/payload.h"
#include "directory/notify_settings.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::Result;
using Digest = MailSettings::Digest;

constexpr std::int64_t kDay = std::int64_t{24} * 60 * 60;  // seconds
constexpr std::int64_t kWeek = 7;                          // days
constexpr std::size_t kMostShown = 50;
constexpr std::size_t kMostLookedAt = 10'000;

// Days since the last Monday; 1970-01-01 was a Thursday.
std::int64_t days_since_monday(std::int64_t day) {
  constexpr std::int64_t kOfThursday = 3;
  return (day + kOfThursday) % kWeek;
}

std::string day_text(std::int64_t day) {
  constexpr std::size_t kDateOctets = 10;
  return utc_text(day * kDay).substr(0, kDateOctets);
}

bool is_in(const SinkScope& scope, const std::string& organization) {
  return scope.organizations.empty() || scope.organizations.contains(organization);
}

void add_counts(const DetectionCounts& counts,
                const std::string& organization,
                DigestFacts& facts) {
  CountFilter filter;
  filter.organizations = std::set<std::string, std::less<>>{organization};
  std::uint64_t total = 0;
  for (const DayCount& day : counts.days(filter, facts.period.first_day, facts.period.days)) {
    total += day.total;
    for (const auto& [finding, number] : day.findings) {
      facts.findings[finding] += number;
    }
    for (const auto& [disposition, number] : day.dispositions) {
      facts.dispositions[disposition] += number;
    }
  }
  facts.total += total;
  facts.organizations.emplace_back(organization, total);
}

void add_rankings(const DetectionCounts& counts, DigestFacts& facts) {
  constexpr std::size_t kRanked = 5;
  CountFilter filter;
  filter.organizations.emplace();
  for (const auto& [organization, total] : facts.organizations) {
    filter.organizations->insert(organization);
  }
  const DigestPeriod& period = facts.period;
  facts.people = counts.top_people(filter, period.first_day, period.days, kRanked);
  facts.senders = counts.top_senders(filter, period.first_day, period.days, kRanked);
}

Result<void> add_directories(const OrganizationSettings& organization,
                             const DirectoryContent& content,
                             DigestFacts& facts) {
  for (const DirectorySettings& directory : organization.directories) {
    const DirectoryKey key{.organization = organization.name, .directory = directory.name};
    const auto state = content.sync_state(key);
    if (!state.has_value()) {
      return std::unexpected{state.error()};
    }
    facts.directories.push_back({.name = organization.name + "/" + directory.name,
                                 .users = state->counts.users,
                                 .last_success = state->last_success,
                                 .failure = state->last_failure});
  }
  return {};
}

std::string lines_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string lines;
  for (const auto& [name, number] : counts) {
    lines += number > 0 ? fmt::format("  {:>8}  {}\n", number, name) : "";
  }
  return lines;
}

// Names come from mail and from directories: nothing in them may look like another line.
std::string lines_of(const Ranking& ranking) {
  std::string lines;
  for (const RankedName& each : ranking.names) {
    lines += fmt::format("  {:>8}  {}\n", each.total, policy::visible_text(each.name));
  }
  return lines;
}

std::string period_text(const DigestPeriod& period) {
  const std::string first = day_text(period.first_day);
  const std::int64_t last = period.first_day + static_cast<std::int64_t>(period.days) - 1;
  return period.days == 1 ? first : fmt::format("{} to {}", first, day_text(last));
}

std::string detections_text(const DigestFacts& facts) {
  if (!facts.is_reading) {
    return "The gateway's detections are not read, so none are counted here.\n\n";
  }
  if (facts.total == 0) {
    return "Detections: nothing found.\n\n";
  }
  std::string text = fmt::format("Detections: {}\n\nBy finding:\n{}\nBy disposition:\n{}\n",
                                 facts.total,
                                 lines_of(facts.findings),
                                 lines_of(facts.dispositions));
  text += "By organization:\n";
  for (const auto& [name, number] : facts.organizations) {
    text += fmt::format("  {:>8}  {}\n", number, name);
  }
  text += "\nPeople shown most often:\n" + lines_of(facts.people);
  text += "\nAddresses seen most often:\n" + lines_of(facts.senders);
  return text + "\n";
}

std::string unresolved_text(const DigestFacts& facts) {
  if (facts.unresolved.empty()) {
    return "Notifications: none waits for you.\n\n";
  }
  std::string text = fmt::format("Notifications that wait for you: {}\n", facts.unresolved.size());
  const std::size_t shown = std::min(facts.unresolved.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Notification& each = facts.unresolved[i];
    text += fmt::format("  {} {}: {}\n", utc_text(each.last), word_of(each.level), each.text);
  }
  if (facts.unresolved.size() > shown) {
    text += fmt::format("  and {} more\n", facts.unresolved.size() - shown);
  }
  return text + "\n";
}

std::string directories_text(const DigestFacts& facts) {
  std::string text = "Directories:\n";
  for (const DigestDirectory& each : facts.directories) {
    const std::string read =
        each.last_success == 0 ? "never read" : "last read " + utc_text(each.last_success);
    text += fmt::format("  {}: {} people, {}\n", each.name, each.users, read);
    text += each.failure.empty() ? "" : fmt::format("    failing: {}\n", each.failure);
  }
  return text;
}

}  // namespace

std::int64_t digest_due(const MailSettings& settings, std::int64_t now) {
  const std::int64_t at = std::chrono::seconds{settings.digest_at}.count();
  const std::int64_t day = day_of(now - at);
  const std::int64_t back = settings.digest == Digest::kWeekly ? days_since_monday(day) : 0;
  return (day - back) * kDay + at;
}

bool is_digest_due(std::int64_t last, std::int64_t due) {
  return due > last || last - due > kWeek * kDay;
}

DigestPeriod digest_period(const MailSettings& settings, std::int64_t last, std::int64_t due) {
  const std::int64_t end = day_of(due);
  const std::int64_t least = settings.digest == Digest::kWeekly ? kWeek : 1;
  const std::int64_t most = static_cast<std::int64_t>(DetectionCounts::kMostDays) - 1;
  const std::int64_t days = std::clamp(end - day_of(last), least, most);
  return {.first_day = end - days, .days = static_cast<std::size_t>(days)};
}

Result<DigestFacts> digest_facts(const DigestSources& sources,
                                 const SinkScope& scope,
                                 const DigestPeriod& period) {
  DigestFacts facts;
  facts.period = period;
  facts.is_reading = sources.detections != nullptr && sources.detections->is_reading();
  for (const OrganizationSettings& organization : sources.control->organizations()) {
    if (!is_in(scope, organization.name)) {
      continue;
    }
    if (facts.is_reading) {
      add_counts(sources.detections->counts(), organization.name, facts);
    }
    auto added = add_directories(organization, *sources.content, facts);
    if (!added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
  }
  if (facts.is_reading) {
    add_rankings(sources.detections->counts(), facts);
  }
  auto unresolved = sources.records->notifications(kMostLookedAt, 0, [&](const Notification& each) {
    return !each.is_resolved && each.level != NotificationLevel::kInfo &&
           is_in(scope, each.organization);
  });
  if (!unresolved.has_value()) {
    return std::unexpected{std::move(unresolved).error()};
  }
  facts.unresolved = *std::move(unresolved);
  return facts;
}

MailText digest_mail(const DigestFacts& facts) {
  const std::string period = period_text(facts.period);
  MailText mail;
  const std::string found =
      facts.total == 0 ? "nothing found" : fmt::format("{} detections", facts.total);
  mail.subject = fmt::format("[fromguard] {}: {}", period, found);
  mail.text = fmt::format("What fromguard has seen on {}, UTC.\n\n{}{}{}",
                          period,
                          detections_text(facts),
                          unresolved_text(facts),
                          directories_text(facts));
  return mail;
}

}  // namespace directory
