// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/jobs/jobs.h"
#include "directory/messages/pull_control.h"
#include "directory/messages/pull_record.h"
#include "directory/messages/recipients.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace directory {

/// Finds and pulls messages in the tenants of directories that have the feature `pull`. What moves
/// messages of one directory waits for what was asked before; searches do not wait.
class MessagePuller final : public PullControl {
 public:
  /// Searches that are kept; older ones are forgotten. Pulls are kept for ever.
  static constexpr std::size_t kMostSearches = 50;
  static constexpr std::size_t kMostSearchesAtOnce = 4;

  /// What it works with; all of it outlives the puller.
  struct Parts {
    StateDatabase* database = nullptr;
    Records* records = nullptr;
    Jobs* jobs = nullptr;
    SyncControl* control = nullptr;  ///< knows the organizations
    /// Gives the connection to the tenant of a directory.
    std::function<policy::Result<std::shared_ptr<Tenant>>(const DirectoryKey&)> tenant_of;
    const policy::EventLog* log = nullptr;
  };

  MessagePuller(Executor executor, Parts parts);

  [[nodiscard]] policy::Result<BegunPull> start(const DirectoryKey& key,
                                                PullKind kind,
                                                const PullRequest& request,
                                                const Actor& actor) override;
  [[nodiscard]] policy::Result<BegunPull> start_restore(std::uint64_t number,
                                                        const Actor& actor) override;
  [[nodiscard]] std::uint64_t job_of(std::uint64_t number) const override;

  /// Goes on with what is under way and has no job: at the first call all that a restart has
  /// interrupted, then what was stopped by a service that did not answer, after some minutes.
  void start_due(std::int64_t now);

 private:
  [[nodiscard]] policy::Result<void> check(const DirectoryKey& key) const;
  [[nodiscard]] policy::Result<Recipients> recipients_of(const DirectoryKey& key,
                                                         const PullRequest& request) const;
  [[nodiscard]] policy::Result<void> keep(PullRecord& record,
                                          const std::vector<Mailbox>& mailboxes) const;
  [[nodiscard]] policy::Result<std::uint64_t> begin_job(const PullRecord& record) const;
  void go_on_with_interrupted();
  void enqueue(const PullRecord& record);
  void work_off(const DirectoryKey& key);
  [[nodiscard]] Task<void> run_queue(DirectoryKey key);
  [[nodiscard]] Task<void> run_search(std::uint64_t number);
  [[nodiscard]] Task<void> carry_out(std::uint64_t number, PullKind kind);
  void settle(const PullRecord& record, policy::Result<void> outcome);
  void tell(const PullRecord& record, const policy::Result<void>& outcome) const;
  void report_thrown(const std::exception_ptr& thrown) const;

  Executor executor_;
  Parts parts_;
  std::map<std::uint64_t, std::uint64_t> jobs_;               // of those that run or wait
  std::map<DirectoryKey, std::deque<std::uint64_t>> queues_;  // pulls; the first one runs
  std::map<std::uint64_t, std::int64_t> retries_;             // when to go on with which
  std::size_t searches_ = 0;                                  // that run
  bool has_gone_on_ = false;                                  // with what a restart interrupted
};

}  // namespace directory
