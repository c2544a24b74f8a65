// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/jobs/jobs.h"
#include "directory/posture/posture_control.h"
#include "directory/posture/posture_scan.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/mail_records/public_suffix_list.h"
#include "policy/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace directory {

/// Scans the tenants of the directories that have the feature `posture`.
class PostureScanner final : public PostureControl {
 public:
  /// What it works with; all of it outlives the scanner.
  struct Parts {
    StateDatabase* database = nullptr;
    DirectoryContent* content = nullptr;
    Records* records = nullptr;
    Jobs* jobs = nullptr;
    SyncControl* control = nullptr;  ///< knows the organizations
    /// Gives the connection to the tenant of a directory.
    std::function<policy::Result<std::shared_ptr<Tenant>>(const DirectoryKey&)> tenant_of;
    MailDns* dns = nullptr;
    std::shared_ptr<const policy::PublicSuffixList> suffixes;  ///< null: there is none
    const policy::EventLog* log = nullptr;
  };

  PostureScanner(Executor executor, Parts parts);

  [[nodiscard]] policy::Result<std::vector<PostureStanding>> standings() const override;
  [[nodiscard]] policy::Result<std::uint64_t> start_scan(DirectoryKey key) override;

  /// Starts the scans that are due: a day after the last one, or a quarter of an hour after one was
  /// interrupted. A directory whose people were never read waits for that. A few run at once.
  void start_due(std::int64_t now);

 private:
  [[nodiscard]] bool is_due(const PostureStanding& standing, std::int64_t now) const;
  [[nodiscard]] Task<policy::Result<void>> scan(DirectoryKey key,
                                                std::shared_ptr<Tenant> tenant,
                                                std::uint64_t job);
  [[nodiscard]] Task<void> run(DirectoryKey key, std::shared_ptr<Tenant> tenant, std::uint64_t job);
  [[nodiscard]] policy::Result<std::string> outcome_of(const DirectoryKey& key) const;
  void end(const DirectoryKey& key, std::uint64_t job, const policy::Result<std::string>& outcome);

  Executor executor_;
  Parts parts_;
  std::map<DirectoryKey, std::uint64_t> running_;  // with their jobs
};

}  // namespace directory
