// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/graph_client.h"
#include "directory/jobs/jobs.h"
#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/directory_table.h"
#include "directory/sync/publishing.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/sync/wakeup.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace directory {

/// What came of one refresh of every directory.
struct RefreshResult {
  std::vector<RoundFailure> failures;            ///< of directories, in no order
  std::optional<policy::Error> publish_failure;  ///< what was in force still is
};

/// Keeps every directory as its source is: syncs on schedule and when asked, then publishes. To be
/// used on the daemon's thread.
class Synchronizer final : public SyncControl {
 public:
  /// What it works with; all of it outlives the synchronizer.
  struct Parts {
    const Settings* settings;
    std::filesystem::path folder;  ///< of directory.yaml, which paths of added directories begin at
    StateDatabase* database;
    DirectoryContent* content;
    Records* records;
    Jobs* jobs;
    Publisher* publisher;
    const policy::EventLog* log;
    /// Called after what is in force may have changed: who is protected, addresses, domains.
    std::function<void()> after_change;
  };

  [[nodiscard]] static policy::Result<std::unique_ptr<Synchronizer>> open(const Executor& executor,
                                                                          Parts parts);

  /// Waits for a generation being made. The executor must not run on: what is under way is resumed
  /// by the next start.
  ~Synchronizer() override = default;
  Synchronizer(const Synchronizer&) = delete;
  Synchronizer& operator=(const Synchronizer&) = delete;
  Synchronizer(Synchronizer&&) = delete;
  Synchronizer& operator=(Synchronizer&&) = delete;

  /// Syncs every directory as a person would, and publishes what is right.
  [[nodiscard]] Task<RefreshResult> refresh_all();

  /// Syncs what is due, now and from now on.
  void start_schedule();

  /// Makes every directory due that is on schedule.
  void make_all_due();

  /// The connection to the tenant of this Office 365 directory; `kInvalidInput` for another type.
  [[nodiscard]] policy::Result<std::shared_ptr<Tenant>> tenant(const DirectoryKey& key);

  [[nodiscard]] policy::Result<std::uint64_t> start_sync(const DirectoryKey& key,
                                                         const SyncRequest& request) override;
  void configuration_changed() override;
  [[nodiscard]] const std::vector<OrganizationSettings>& organizations() const override;
  [[nodiscard]] const std::vector<ProtectionReport>& protection_reports() const override;
  [[nodiscard]] std::int64_t next_sync(const DirectoryKey& key) const override;
  [[nodiscard]] GraphAnswerCounts graph_answers(const DirectoryKey& key) const override;
  [[nodiscard]] Task<policy::Result<std::vector<PermissionState>>> permissions(
      DirectoryKey key) override;
  [[nodiscard]] policy::Result<std::string> authorization_url(const DirectoryKey& key) override;
  [[nodiscard]] Task<policy::Result<std::string>> complete_authorization(
      std::string query) override;

 private:
  Synchronizer(const Executor& executor, Parts parts);

  [[nodiscard]] policy::Result<void> reload();
  [[nodiscard]] policy::Result<SyncState> sync_state_of(const DirectoryKey& key) const;
  [[nodiscard]] bool has_content() const;
  void plan_first(const DirectoryKey& key, DirectoryEntry& entry) const;
  void plan_next(const DirectoryKey& key, bool has_failed);
  [[nodiscard]] policy::Result<void> check(const DirectoryKey& key, const SyncRequest& request);
  [[nodiscard]] policy::Result<std::uint64_t> begin(const DirectoryKey& key,
                                                    const SyncRequest& request);
  void start_due();
  [[nodiscard]] DirectoryEntry::Time next_due();

  [[nodiscard]] Task<RoundResult> sync(DirectoryKey key, SyncRequest request, RoundProgress told);
  [[nodiscard]] Task<void> run_job(DirectoryKey key, SyncRequest request, std::uint64_t job);
  [[nodiscard]] Task<policy::Result<void>> publish();
  [[nodiscard]] Task<void> publish_until_done();
  [[nodiscard]] Task<void> follow_schedule();

  Executor executor_;
  Parts parts_;
  std::vector<OrganizationSettings> organizations_;
  DirectoryTable table_;
  Wakeup schedule_changed_;
  Publishing publishing_;
  bool is_on_schedule_ = false;
};

}  // namespace directory
