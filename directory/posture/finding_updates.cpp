// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding_updates.h"

#include "directory/posture/finding.h"
#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/scan_record.h"
#include "directory/posture/transition.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::Result;

bool is_open(const std::optional<PostureFinding>& finding) {
  return finding.has_value() && finding->state == FindingState::kOpen;
}

bool is_told(const FindingKind* kind) {
  return kind != nullptr && kind->severity != Severity::kLow;
}

// The same for a finding when it opens and when it is resolved.
std::string notification_text(const FindingKind& kind, const FindingSubject& subject) {
  return fmt::format("{} ({}, {}).", kind.title, subject.label, word_of(kind.severity));
}

Notification notification_of(const PostureFinding& finding,
                             const FindingKind& kind,
                             const DirectoryKey& key) {
  Notification notification;
  notification.level = NotificationLevel::kWarning;
  notification.what = "posture_finding";
  notification.organization = key.organization;
  notification.directory = key.directory;
  notification.text = notification_text(kind, finding.subject);
  notification.advice = kind.advice;
  notification.first = finding.last_seen;
  notification.last = finding.last_seen;
  return notification;
}

}  // namespace

FindingUpdates::FindingUpdates(StateDatabase& database,
                               Records& records,
                               const DirectoryKey& key,
                               ScanRecord& record,
                               std::int64_t now)
    : database_(&database),
      records_(&records),
      key_(&key),
      record_(&record),
      time_{.scan = record.number, .now = now} {}

void FindingUpdates::replace(const std::optional<PostureFinding>& before,
                             const std::optional<PostureFinding>& after) {
  if (!before.has_value() && !after.has_value()) {
    return;
  }
  const PostureFinding& either = after.has_value() ? *after : *before;
  StateCounts& counts = record_->counts[either.finding];
  if (before.has_value()) {
    --counts.of(before->state);
  }
  if (after.has_value()) {
    ++counts.of(after->state);
    put_finding(batch_, *key_, *after);
  } else {
    remove_finding(batch_, *key_, either);
  }
  if (is_open(before) != is_open(after) && is_told(find_kind(either.finding))) {
    (is_open(after) ? opened_ : closed_).push_back(either);
  }
}

Result<void> FindingUpdates::observe(const FindingSubject& subject,
                                     const std::vector<Observation>& observations) {
  for (const Observation& observation : observations) {
    const auto before = read_finding(*database_, *key_, observation.kind->id, subject);
    if (!before.has_value()) {
      return std::unexpected{before.error()};
    }
    replace(*before, after_observation(*before, subject, observation, time_));
  }
  return {};
}

void FindingUpdates::disappeared(const PostureFinding& finding) {
  replace(finding, after_disappearance(finding, time_));
}

void FindingUpdates::forget(const PostureFinding& finding) {
  replace(finding, std::nullopt);
}

Result<void> FindingUpdates::commit() {
  for (const PostureFinding& finding : opened_) {
    const auto told =
        records_->notify(notification_of(finding, *find_kind(finding.finding), *key_));
    if (!told.has_value()) {
      return told;
    }
  }
  for (const PostureFinding& finding : closed_) {
    const auto told = records_->resolve_posture_notification(
        *key_, notification_text(*find_kind(finding.finding), finding.subject));
    if (!told.has_value()) {
      return told;
    }
  }
  opened_.clear();
  closed_.clear();
  put_scan(batch_, *key_, *record_);
  return database_->commit(std::exchange(batch_, StateBatch{}));
}

}  // namespace directory
