// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/jobs/jobs.h"

#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::ptrdiff_t kMostEnded = 100;

bool has_ended(const std::pair<const std::uint64_t, Job>& entry) {
  return entry.second.state != JobState::kRunning;
}

// Whoever waits for the job that has just ended must find it, however long ago it began.
void forget_oldest(std::map<std::uint64_t, Job>& jobs, std::uint64_t kept) {
  auto oldest = jobs.end();
  for (auto entry = jobs.begin(); entry != jobs.end(); ++entry) {
    const bool is_candidate = has_ended(*entry) && entry->first != kept;
    if (is_candidate && (oldest == jobs.end() || entry->second.ended < oldest->second.ended)) {
      oldest = entry;
    }
  }
  jobs.erase(oldest);
}

}  // namespace

std::string_view word_of(JobState state) {
  switch (state) {
    case JobState::kRunning: return "running";
    case JobState::kDone: return "done";
    case JobState::kFailed: return "failed";
    case JobState::kCancelled: return "cancelled";
  }
  return "failed";
}

policy::Result<std::uint64_t> Jobs::begin(const JobSubject& about, std::int64_t now) {
  const auto same = std::ranges::find_if(jobs_, [&](const auto& entry) {
    return !has_ended(entry) && entry.second.kind == about.kind &&
           entry.second.subject == about.subject;
  });
  if (same != jobs_.end()) {
    return policy::fail(policy::ErrorCode::kBusy,
                        "job " + std::to_string(same->first) + " (" + about.kind + " of " +
                            about.subject + ") runs already; wait until it has ended");
  }
  Job job;
  job.id = ++newest_;
  job.kind = about.kind;
  job.subject = about.subject;
  job.organization = about.organization;
  job.started = now;
  const Job& begun = jobs_.emplace(newest_, std::move(job)).first->second;
  if (listener_) {
    listener_(begun);
  }
  return begun.id;
}

void Jobs::progress(std::uint64_t id,
                    std::uint64_t done,
                    std::uint64_t total,
                    std::string message) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || has_ended(*found)) {
    return;
  }
  found->second.done = done;
  found->second.total = total;
  found->second.message = std::move(message);
  if (listener_) {
    listener_(found->second);
  }
}

void Jobs::end(std::uint64_t id, const policy::Result<std::string>& outcome, std::int64_t now) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || has_ended(*found)) {
    return;
  }
  Job& job = found->second;
  const JobState without_end = job.is_cancelling ? JobState::kCancelled : JobState::kFailed;
  job.state = outcome.has_value() ? JobState::kDone : without_end;
  job.message = outcome.has_value() ? *outcome : outcome.error().message;
  job.ended = now;
  ++ended_[{job.kind, job.state}];
  const Job ended = job;
  if (std::ranges::count_if(jobs_, has_ended) > kMostEnded) {
    forget_oldest(jobs_, id);
  }
  if (listener_) {
    listener_(ended);
  }
}

policy::Result<Job> Jobs::cancel(std::uint64_t id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) {
    return policy::fail(policy::ErrorCode::kNotFound,
                        "there is no job " + std::to_string(id) + " (any more)");
  }
  Job& job = found->second;
  if (has_ended(*found)) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "job " + std::to_string(id) + " has ended already");
  }
  job.is_cancelling = true;
  if (listener_) {
    listener_(job);
  }
  return job;
}

bool Jobs::is_cancelling(std::uint64_t id) const {
  const auto found = jobs_.find(id);
  return found != jobs_.end() && found->second.is_cancelling;
}

std::optional<Job> Jobs::find(std::uint64_t id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<Job> Jobs::list() const {
  std::vector<Job> all;
  all.reserve(jobs_.size());
  for (const auto& entry : std::views::reverse(jobs_)) {
    all.push_back(entry.second);
  }
  return all;
}

void Jobs::set_listener(Listener listener) {
  listener_ = std::move(listener);
}

}  // namespace directory
