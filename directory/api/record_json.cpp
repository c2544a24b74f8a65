// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/record_json.h"

#include "directory/jobs/jobs.h"
#include "directory/notify/payload.h"
#include "directory/store/records.h"

#include <boost/json/object.hpp>

namespace directory {

boost::json::object to_json(const Notification& notification) {
  return {{"number", notification.number},
          {"level", word_of(notification.level)},
          {"what", notification.what},
          {"organization", notification.organization},
          {"directory", notification.directory},
          {"text", notification.text},
          {"advice", notification.advice},
          {"first", notification.first},
          {"last", notification.last},
          {"times", notification.times},
          {"resolved", notification.is_resolved}};
}

boost::json::object to_json(const AuditEntry& entry) {
  return {{"number", entry.number},
          {"time", entry.time},
          {"who", entry.who},
          {"action", entry.action},
          {"subject", entry.subject},
          {"before", entry.before},
          {"after", entry.after},
          {"organization", entry.organization}};
}

boost::json::object to_json(const Job& job) {
  return {{"id", job.id},
          {"kind", job.kind},
          {"subject", job.subject},
          {"organization", job.organization},
          {"state", word_of(job.state)},
          {"done", job.done},
          {"total", job.total},
          {"message", job.message},
          {"started", job.started},
          {"ended", job.ended},
          {"cancelling", job.is_cancelling && job.state == JobState::kRunning}};
}

}  // namespace directory
