// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/graph_client.h"
#include "directory/people/protection_report.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace directory {

/// How a person asks for a sync.
struct SyncRequest {
  bool full = false;           ///< read everything anew
  bool accept_shrink = false;  ///< put a held or shrunken result in force
  bool provision = false;      ///< `directories provision`: read selected targets, or change to all
};

/// One permission of a feature of a directory.
struct PermissionState {
  std::string feature;     ///< `sync`
  std::string permission;  ///< `User.Read.All`
  std::string resource;    ///< `Microsoft Graph`
  std::string purpose;     ///< what it is for
  std::string least;       ///< the least one that would do; the same if it is that already
  std::string admin_role;  ///< who may consent to it
  bool is_granted = false;
  std::string granted_by;  ///< the permission in the token that covers it; empty if none
};

/// What the admin commands and the API ask of the running daemon. To be used on its one thread.
class SyncControl {
 public:
  SyncControl() = default;
  SyncControl(const SyncControl&) = delete;
  SyncControl& operator=(const SyncControl&) = delete;
  SyncControl(SyncControl&&) = delete;
  SyncControl& operator=(SyncControl&&) = delete;
  virtual ~SyncControl() = default;

  /// Starts a sync as a job and gives the job's number. `kBusy` while one of this directory runs;
  /// `kInvalidInput` with the reason where the directory takes none (selected targets).
  [[nodiscard]] virtual policy::Result<std::uint64_t> start_sync(const DirectoryKey& key,
                                                                 const SyncRequest& request) = 0;

  /// Directories were added or removed, or who is protected has changed: the schedule is made anew
  /// and a generation is published soon.
  virtual void configuration_changed() = 0;

  /// Declared and added organizations together, as they are in force.
  [[nodiscard]] virtual const std::vector<OrganizationSettings>& organizations() const = 0;

  /// What there is to warn of in each organization, as of the last generation that was made; empty
  /// before the first.
  [[nodiscard]] virtual const std::vector<ProtectionReport>& protection_reports() const = 0;

  /// When the next scheduled sync is due, seconds since 1970; 0 if there is none.
  [[nodiscard]] virtual std::int64_t next_sync(const DirectoryKey& key) const = 0;

  /// How Microsoft Graph has answered this directory's requests since the connection to its tenant
  /// was opened; empty before.
  [[nodiscard]] virtual GraphAnswerCounts graph_answers(const DirectoryKey& key) const = 0;

  /// The permissions of the features that are on for an Office 365 directory, against the roles of
  /// a new token.
  [[nodiscard]] virtual Task<policy::Result<std::vector<PermissionState>>> permissions(
      DirectoryKey key) = 0;

  /// The URL where an administrator of the tenant consents, with a new one-time state.
  [[nodiscard]] virtual policy::Result<std::string> authorization_url(const DirectoryKey& key) = 0;

  /// The administrator came back from consenting: checks the state, proves the consent with a token
  /// for the tenant and `GET /organization`, and says what came of it in one sentence.
  [[nodiscard]] virtual Task<policy::Result<std::string>> complete_authorization(
      std::string query) = 0;
};

}  // namespace directory
