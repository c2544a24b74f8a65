// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/plan.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What a person may do with connectors that are there.
enum class ConnectorStep {
  kEnableInbound,    ///< the inbound connector is switched on
  kLock,             ///< mail that does not come through the gateway is rejected; enables inbound
  kUnlock,           ///< it is accepted again
  kEnableOutbound,   ///< the tenant's mail leaves through the gateway
  kDisableOutbound,  ///< it leaves directly again
};

/// A stable word for the step: `enable-inbound`, `lock`, `unlock`, `enable-outbound`,
/// `disable-outbound`.
[[nodiscard]] std::string_view word_of(ConnectorStep step);

/// Whether the step makes less of what rejects or reroutes mail. It is wanted even if it fails half
/// way; a step of the other kind only once it is proven.
[[nodiscard]] bool is_easing(ConnectorStep step);

/// One thing that must hold before a step is taken.
struct Requirement {
  std::string what;     ///< stable word: `mx`, `spf`, `domains`, `applied`, `relay_export`
  std::string subject;  ///< the domain, or the domain with the address; may be empty
  bool is_met = false;
  std::string text;  ///< how it is, and what to do if it is not met
};

/// What would be done, with what people should know before.
struct PlanReport {
  ExchangePlan plan;
  std::vector<std::string> inbound_connectors;  ///< names of those that are not ours
};

/// A directory whose tenant has connectors of ours, or may have.
struct ConnectorStanding {
  DirectoryKey key;
  ProvisioningRecord record;
};

/// What the commands and the API ask about connectors. To be used on the daemon's thread.
///
/// Everything fails with `kInvalidInput` for a directory that is not used for provisioning, and for
/// what directory.yaml lacks; with `kDenied` where a permission or role is missing; with
/// `kUnavailable` while Microsoft is.
class ConnectorControl {
 public:
  ConnectorControl() = default;
  ConnectorControl(const ConnectorControl&) = delete;
  ConnectorControl& operator=(const ConnectorControl&) = delete;
  ConnectorControl(ConnectorControl&&) = delete;
  ConnectorControl& operator=(ConnectorControl&&) = delete;
  virtual ~ConnectorControl() = default;

  /// The directories with the feature `provision`.
  [[nodiscard]] virtual policy::Result<std::vector<ConnectorStanding>> standings() const = 0;

  /// Reads the tenant and compares; changes nothing there.
  [[nodiscard]] virtual Task<policy::Result<PlanReport>> plan(DirectoryKey key) = 0;

  /// Begins to carry out the plan of this id, as a job, and gives the job's number. `kBusy` while
  /// another work on these connectors runs. A plan that no longer fits fails the job.
  [[nodiscard]] virtual policy::Result<std::uint64_t> start_apply(DirectoryKey key,
                                                                  std::string plan,
                                                                  Actor actor) = 0;

  /// What must hold before the step, as it is now.
  [[nodiscard]] virtual Task<policy::Result<std::vector<Requirement>>> requirements(
      DirectoryKey key, ConnectorStep step) = 0;

  /// Takes the step and proves it. `kConflict` names every requirement that is not met; `kBusy` as
  /// for `start_apply`.
  [[nodiscard]] virtual Task<policy::Result<PlanReport>> take(DirectoryKey key,
                                                              ConnectorStep step,
                                                              Actor actor) = 0;

  /// Compares, remembers what came of it, and notifies people of a drift.
  [[nodiscard]] virtual Task<policy::Result<PlanReport>> verify(DirectoryKey key) = 0;

  /// Removes everything of ours, in the order in which no mail is lost.
  [[nodiscard]] virtual Task<policy::Result<PlanReport>> remove(DirectoryKey key, Actor actor) = 0;

  /// The desired state as PowerShell; asks nobody.
  [[nodiscard]] virtual Task<policy::Result<std::string>> script(DirectoryKey key) = 0;

  /// Whether the application may carry out every cmdlet that is needed; carries none out.
  [[nodiscard]] virtual Task<policy::Result<std::vector<Requirement>>> preflight(
      DirectoryKey key) = 0;
};

}  // namespace directory
