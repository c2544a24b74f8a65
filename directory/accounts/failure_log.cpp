// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/failure_log.h"

#include "directory/store/audit_trail.h"
#include "directory/store/state_database.h"

#include <cstdint>
#include <string>
#include <utility>

namespace directory {
namespace {

constexpr std::int64_t kMinuteSeconds = 60;

}  // namespace

FailureLog::~FailureLog() {
  write();
}

void FailureLog::count(const std::string& action,
                       const std::string& subject,
                       const std::string& client,
                       std::int64_t now) {
  flush(now);
  if (counts_.empty()) {
    since_ = now;
  }
  Key key{action, subject, client};
  if (counts_.size() >= kMostEntries && !counts_.contains(key)) {
    key = {"session.fail", "any account", "other clients"};
  }
  ++counts_[std::move(key)];
}

void FailureLog::flush(std::int64_t now) {
  if (now - since_ >= kMinuteSeconds || now < since_) {
    write();
  }
}

void FailureLog::write() {
  if (counts_.empty()) {
    return;
  }
  auto trail = AuditTrail::open(*database_);
  if (!trail.has_value()) {
    return;
  }
  StateBatch batch;
  for (const auto& [key, count] : counts_) {
    const auto& [action, subject, client] = key;
    trail->add(batch,
               {.time = since_,
                .who = client,
                .action = action,
                .subject = subject,
                .before = {},
                .after = std::to_string(count) + (count == 1 ? " failure" : " failures"),
                .organization = {}});
  }
  if (database_->commit(std::move(batch)).has_value()) {
    counts_.clear();
  }
}

}  // namespace directory
