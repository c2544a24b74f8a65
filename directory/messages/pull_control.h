// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/messages/message_target.h"
#include "directory/messages/pull_record.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace directory {

/// What a search or a pull is asked to do.
struct PullRequest {
  MessageTarget target;
  std::string detection;                ///< the id of the one that it is because of; or empty
  std::vector<std::string> recipients;  ///< addresses of people and groups
  std::uint64_t unlisted = 0;           ///< recipients that the detection has and does not list
  PullDestination destination = PullDestination::kQuarantine;
};

/// A search, pull or restore that has begun.
struct BegunPull {
  std::uint64_t number = 0;
  std::uint64_t job = 0;
};

/// What the API asks of the one who finds and pulls messages. To be used on the daemon's thread.
class PullControl {
 public:
  PullControl() = default;
  PullControl(const PullControl&) = delete;
  PullControl& operator=(const PullControl&) = delete;
  PullControl(PullControl&&) = delete;
  PullControl& operator=(PullControl&&) = delete;
  virtual ~PullControl() = default;

  /// Begins a search or a pull in the mailboxes of the recipients, as a job. `kInvalidInput` for a
  /// directory without the feature `pull` or one that was never read, `kNotFound` if nobody of the
  /// recipients is in it, `kBusy` while too many searches run.
  [[nodiscard]] virtual policy::Result<BegunPull> start(const DirectoryKey& key,
                                                        PullKind kind,
                                                        const PullRequest& request,
                                                        const Actor& actor) = 0;

  /// Begins to move what a pull has moved back to where it was, as a job. `kNotFound` if there is
  /// no such pull, `kBusy` while it is under way.
  [[nodiscard]] virtual policy::Result<BegunPull> start_restore(std::uint64_t number,
                                                                const Actor& actor) = 0;

  /// The job of this search or pull that runs or waits; 0: none.
  [[nodiscard]] virtual std::uint64_t job_of(std::uint64_t number) const = 0;
};

}  // namespace directory
