// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

enum class JobState { kRunning, kDone, kFailed, kCancelled };

/// `running`, `done`, `failed`, `cancelled`.
[[nodiscard]] std::string_view word_of(JobState state);

/// Long work of the daemon that somebody may wait for.
struct Job {
  std::uint64_t id = 0;      ///< from 1, ascending
  std::string kind;          ///< `sync`, say: stable, in snake_case
  std::string subject;       ///< `contoso/Office 365`
  std::string organization;  ///< whose it is; empty for work of the whole installation
  JobState state = JobState::kRunning;
  std::uint64_t done = 0;
  std::uint64_t total = 0;     ///< 0: not known
  std::string message;         ///< what is being done, what came of it, or what went wrong
  std::int64_t started = 0;    ///< seconds since 1970
  std::int64_t ended = 0;      ///< 0 while it runs
  bool is_cancelling = false;  ///< somebody wants it to end; it runs on to the next good place
};

/// What a job is about.
struct JobSubject {
  std::string kind;          ///< `sync`, say: stable, in snake_case
  std::string subject;       ///< `contoso/Office 365`
  std::string organization;  ///< whose it is; empty for work of the whole installation
};

/// The jobs of this process: those that run and the last hundred that ended. To be used on one
/// thread.
class Jobs {
 public:
  /// Called with a job whenever it changes.
  using Listener = std::function<void(const Job&)>;

  /// Starts a job of this kind; `kBusy` with the number of the one that runs if there is one of the
  /// same kind and subject.
  [[nodiscard]] policy::Result<std::uint64_t> begin(const JobSubject& about, std::int64_t now);
  void progress(std::uint64_t id, std::uint64_t done, std::uint64_t total, std::string message);
  /// A job that was to be cancelled, and failed, is cancelled.
  void end(std::uint64_t id, const policy::Result<std::string>& outcome, std::int64_t now);

  /// Asks a job to end. Whoever does the work looks at `is_cancelling` between its steps.
  /// `kNotFound` if there is no such job, `kInvalidInput` if it has ended.
  [[nodiscard]] policy::Result<Job> cancel(std::uint64_t id);
  [[nodiscard]] bool is_cancelling(std::uint64_t id) const;

  [[nodiscard]] std::optional<Job> find(std::uint64_t id) const;
  /// The newest first.
  [[nodiscard]] std::vector<Job> list() const;

  /// How many have ended so far, by kind and how.
  [[nodiscard]] const std::map<std::pair<std::string, JobState>, std::uint64_t>& ended() const {
    return ended_;
  }

  void set_listener(Listener listener);

 private:
  std::map<std::uint64_t, Job> jobs_;
  std::map<std::pair<std::string, JobState>, std::uint64_t> ended_;
  std::uint64_t newest_ = 0;
  Listener listener_;
};

}  // namespace directory
