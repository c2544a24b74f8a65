// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/apply.h"
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/plan.h"
#include "directory/jobs/jobs.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/provisioning/connector_control.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace directory {

/// Provisions the Exchange organizations of the directories that have the feature `provision`.
class Provisioner final : public ConnectorControl {
 public:
  /// What it works with; all of it outlives the provisioner.
  struct Parts {
    const Settings* settings = nullptr;
    StateDatabase* database = nullptr;
    Records* records = nullptr;
    Jobs* jobs = nullptr;
    SyncControl* control = nullptr;  ///< knows the organizations
    /// Gives the connection to the tenant of a directory.
    std::function<policy::Result<std::shared_ptr<Tenant>>(const DirectoryKey&)> tenant_of;
    DomainWatch* watch = nullptr;
    const policy::EventLog* log = nullptr;
    ApplySettings apply;  ///< its progress is not used
  };

  Provisioner(Executor executor, Parts parts);

  [[nodiscard]] policy::Result<std::vector<ConnectorStanding>> standings() const override;
  [[nodiscard]] Task<policy::Result<PlanReport>> plan(DirectoryKey key) override;
  [[nodiscard]] policy::Result<std::uint64_t> start_apply(DirectoryKey key,
                                                          std::string plan,
                                                          Actor actor) override;
  [[nodiscard]] Task<policy::Result<std::vector<Requirement>>> requirements(
      DirectoryKey key, ConnectorStep step) override;
  [[nodiscard]] Task<policy::Result<PlanReport>> take(DirectoryKey key,
                                                      ConnectorStep step,
                                                      Actor actor) override;
  [[nodiscard]] Task<policy::Result<PlanReport>> verify(DirectoryKey key) override;
  [[nodiscard]] Task<policy::Result<PlanReport>> remove(DirectoryKey key, Actor actor) override;
  [[nodiscard]] Task<policy::Result<std::string>> script(DirectoryKey key) override;
  [[nodiscard]] Task<policy::Result<std::vector<Requirement>>> preflight(DirectoryKey key) override;

  /// Verifies those that were applied and not verified for a day, one after the other.
  [[nodiscard]] Task<void> verify_due(std::int64_t now);

  /// Writes the file of the tenants that may send through the gateway; what goes wrong is logged.
  void export_tenants() const;

 private:
  /// A tenant with what is wanted in it.
  struct Site {
    DirectoryKey key;
    std::shared_ptr<Tenant> tenant;
    ProvisioningRecord record;
    DesiredInput input;
  };

  [[nodiscard]] policy::Result<Site> open(const DirectoryKey& key);
  [[nodiscard]] policy::Result<ProvisioningRecord> known(const DirectoryKey& key) const;
  [[nodiscard]] policy::Result<std::string> secret_of(const ProvisioningRecord& record) const;
  [[nodiscard]] policy::Result<std::uint64_t> begin(const DirectoryKey& key) const;
  [[nodiscard]] policy::Result<DesiredInput> desired_input(const DirectoryKey& key,
                                                           const ProvisioningRecord& record) const;
  [[nodiscard]] std::vector<std::string> enabled_domains(const DirectoryKey& key) const;
  [[nodiscard]] std::filesystem::path secret_file(const ProvisioningRecord& record) const;
  [[nodiscard]] policy::Result<void> write_tenants() const;
  [[nodiscard]] Task<policy::Result<PlanReport>> compare(const Site& site) const;
  [[nodiscard]] Task<policy::Result<PlanReport>> bring(const Site& site,
                                                       std::vector<DesiredObject> desired,
                                                       ApplySettings settings) const;
  [[nodiscard]] Task<void> run_apply(Site site, std::string plan, Actor actor, std::uint64_t job);
  [[nodiscard]] Task<std::vector<Requirement>> mx_requirements(DirectoryKey key) const;
  [[nodiscard]] std::vector<SampledNetwork> outbound_samples(const DirectoryKey& key) const;
  [[nodiscard]] Task<std::vector<Requirement>> spf_requirements(DirectoryKey key) const;
  [[nodiscard]] Task<policy::Result<PlanReport>> step(DirectoryKey key,
                                                      ConnectorStep step,
                                                      Actor actor);
  [[nodiscard]] Task<policy::Result<PlanReport>> take_away(DirectoryKey key, Actor actor);
  void note(const DirectoryKey& key, ProvisioningRecord record, const PlanReport& report) const;
  void log_failure(const policy::Error& error) const;

  Executor executor_;
  Parts parts_;
};

}  // namespace directory
