// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/graph/directory_queries.h"
#include "directory/graph/failure.h"
#include "directory/graph/posture_queries.h"
#include "directory/posture/application_access.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/finding_updates.h"
#include "directory/posture/looks.h"
#include "directory/posture/pending_mailboxes.h"
#include "directory/posture/scan_record.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/mail_records/public_suffix_list.h"
#include "policy/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// One scan of one directory's tenant, from where it was left to its end. What was looked at is
/// written with how far the scan is: one that is interrupted repeats a batch of mailboxes at most.
/// To be used on the daemon's thread, by one coroutine.
class PostureScan {
 public:
  /// How far it is, for people.
  using Progress =
      std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)>;

  /// What it works with; all of it outlives the scan.
  struct Parts {
    PostureQueries* posture;
    DirectoryQueries* queries;
    MailDns* dns;
    /// For the domain that speaks for a domain without a DMARC record of its own; null: there is no
    /// list.
    std::shared_ptr<const policy::PublicSuffixList> suffixes;
    StateDatabase* database;
    Records* records;
    std::vector<std::string> roles;      ///< of the token
    std::function<std::int64_t()> now;   ///< seconds since 1970
    std::function<bool()> is_cancelled;  ///< asked between two steps
    Progress progress;
  };

  PostureScan(Parts parts, DirectoryKey key);

  /// Goes on with the scan that was left, if that is less than a day old, or begins a new one. A
  /// failure says why it stopped: the next run goes on. What Microsoft refuses for good does not
  /// stop it; its findings are not evaluated.
  [[nodiscard]] Task<policy::Result<void>> run();

  /// How far it is.
  [[nodiscard]] const ScanRecord& record() const { return record_; }

 private:
  [[nodiscard]] policy::Result<void> begin();
  [[nodiscard]] Task<policy::Result<void>> run_phases();
  [[nodiscard]] Task<policy::Result<void>> run_phase();
  [[nodiscard]] Task<policy::Result<void>> read_context();
  [[nodiscard]] policy::Result<void> enter(ScanPhase phase);

  [[nodiscard]] Task<policy::Result<void>> scan_domains();
  [[nodiscard]] Task<policy::Result<void>> scan_domain(const TenantDomain& domain);
  [[nodiscard]] Task<policy::Result<void>> scan_applications();
  [[nodiscard]] policy::Result<void> take_applications(
      const GraphResult<std::vector<PostureApplication>>& applications,
      const GraphResult<std::vector<PostureServicePrincipal>>& principals,
      const ApplicationAccess& access);
  [[nodiscard]] Task<policy::Result<void>> scan_users();
  [[nodiscard]] policy::Result<void> take_user(const PostureUser& user, FindingUpdates& updates);
  [[nodiscard]] policy::Result<void> give_up_users(const GraphFailure& failure);
  [[nodiscard]] Task<policy::Result<void>> scan_mailboxes();
  [[nodiscard]] policy::Result<std::vector<PendingMailbox>> next_batch() const;
  [[nodiscard]] MailboxQuestion question_of(const PendingMailbox& mailbox) const;
  [[nodiscard]] policy::Result<void> take_answers(const std::vector<PendingMailbox>& mailboxes,
                                                  const std::vector<MailboxAnswer>& answers);
  [[nodiscard]] policy::Result<void> drop_denied(const std::vector<MailboxAnswer>& answers,
                                                 FindingUpdates& updates);
  [[nodiscard]] Task<policy::Result<void>> finish();

  /// That something could not be read at all: told of the tenant, and in the record.
  template <typename... Looks>
  [[nodiscard]] policy::Result<void> observe_unread(const std::string& what,
                                                    const std::string& reason,
                                                    FindingUpdates& updates);
  [[nodiscard]] policy::Result<void> tell_unread(const std::string& what,
                                                 const std::string& reason,
                                                 std::vector<Observation> observations,
                                                 FindingUpdates& updates);
  [[nodiscard]] bool is_unread(std::string_view what) const;
  void report(const std::string& what) const;
  [[nodiscard]] FindingUpdates updates();
  [[nodiscard]] FindingSubject tenant() const;

  Parts parts_;
  DirectoryKey key_;
  PendingMailboxes pending_;
  ScanRecord record_;
  TenantContext context_;
  std::vector<TenantDomain> domains_;
  std::optional<GraphFailure> sync_failure_;
  std::optional<GraphFailure> domains_failure_;
  bool is_listed_anew_ = false;  // the list of users, because a link was refused
};

/// Why something could not be read that takes this permission: one sentence without full stop.
[[nodiscard]] std::string reason_of(const GraphFailure& failure, std::string_view permission);

/// Whether a scan cannot go on after this failure: nothing can be read, now.
[[nodiscard]] bool stops_scan(const GraphFailure& failure);

template <typename... Looks>
policy::Result<void> PostureScan::observe_unread(const std::string& what,
                                                 const std::string& reason,
                                                 FindingUpdates& updates) {
  std::vector<Observation> observations;
  const auto add = [&](const std::vector<Observation>& more) {
    observations.insert(observations.end(), more.begin(), more.end());
  };
  (add(not_evaluated<Looks>(reason)), ...);
  return tell_unread(what, reason, std::move(observations), updates);
}

}  // namespace directory
