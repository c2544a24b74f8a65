// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/refresher.h"

#include "gateway/in_force_source.h"
#include "gateway/session/judge.h"
#include "gateway/snapshot/current_generation.h"
#include "gateway/snapshot/open_generation.h"
#include "policy/config/problems.h"
#include "policy/event.h"
#include "policy/snapshot/manifest.h"
#include "policy/verdict/policy.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

using policy::EventId;

void Refresher::report(const PolicyReload& reload) {
  if (reload.outcome == PolicyReload::Outcome::kUnchanged) {
    return;
  }
  if (tell_problems(reload, EventId::kPolicyRefused)) {
    metrics_.count_reload_failure("policy");
    return;
  }
  const InForce in_force = source_.get();
  metrics_.set_policy(*in_force.policy);
  log_.write(EventId::kPolicyReloaded,
             {{.key = "policy", .value = std::string_view{in_force.policy->digest()}},
              {.key = "rules", .value = std::uint64_t{in_force.policy->rules().size()}},
              {.key = "mode", .value = word(in_force.policy->mode())}});
}

void Refresher::refresh_outbound_tenants(bool even_if_unchanged) {
  const PolicyReload reload = source_.refresh_outbound_tenants(even_if_unchanged);
  if (reload.outcome == PolicyReload::Outcome::kUnchanged) {
    return;
  }
  if (tell_problems(reload, EventId::kOutboundTenantsRefused)) {
    metrics_.count_reload_failure("outbound_tenants");
    return;
  }
  const InForce in_force = source_.get();
  log_.write(EventId::kOutboundTenantsRead,
             {{.key = "tenants", .value = std::uint64_t{in_force.outbound_tenants->all().size()}}});
}

void Refresher::refresh_snapshot() {
  const auto before = source_.snapshot_facts().generation;
  const Refresh refresh = source_.refresh_snapshot();
  const auto facts = source_.snapshot_facts();
  switch (refresh.outcome) {
    case RefreshOutcome::kUnchanged: break;
    case RefreshOutcome::kSwapped: log_opened(before.get(), *facts.generation); break;
    case RefreshOutcome::kRefused:
      metrics_.count_reload_failure("snapshot");
      log_.write(EventId::kSnapshotRefused,
                 {{.key = "error", .value = std::string_view{refresh.error.message}}});
      break;
    case RefreshOutcome::kMissing:
      log_.write(EventId::kSnapshotMissing,
                 {{.key = "error", .value = std::string_view{refresh.error.message}}});
      break;
  }
  if (facts.generation != nullptr) {
    const policy::Manifest& manifest = facts.generation->manifest();
    metrics_.set_snapshot(manifest.generation, manifest.records.names, facts.age);
  }
}

bool Refresher::tell_problems(const PolicyReload& reload, EventId refusal) const {
  const bool is_refused = reload.outcome == PolicyReload::Outcome::kRefused;
  for (const policy::Problem& problem : reload.problems.all()) {
    const std::string text = format_problem(problem);
    log_.write(is_refused ? refusal : EventId::kConfigurationWarning,
               {{.key = "problem", .value = std::string_view{text}}});
  }
  return is_refused;
}

void Refresher::log_opened(const OpenGeneration* before, const OpenGeneration& opened) const {
  const policy::Manifest& manifest = opened.manifest();
  log_.write(EventId::kSnapshotOpened,
             {{.key = "generation", .value = std::uint64_t{manifest.generation}},
              {.key = "people", .value = std::uint64_t{manifest.records.people}},
              {.key = "names", .value = std::uint64_t{manifest.records.names}},
              {.key = "organizations", .value = std::uint64_t{manifest.organizations.size()}}});
  if (before != nullptr && manifest.generation < before->manifest().generation) {
    log_.write(EventId::kSnapshotOlder,
               {{.key = "before", .value = std::uint64_t{before->manifest().generation}},
                {.key = "now", .value = std::uint64_t{manifest.generation}}});
  }
}

std::string Refresher::status() const {
  const auto generation = source_.snapshot_facts().generation;
  if (generation == nullptr) {
    return "no snapshot yet: start fromguard-directory; until then `degraded.no_snapshot` holds";
  }
  const policy::Manifest& manifest = generation->manifest();
  const auto policy = source_.get().policy;
  return "generation " + std::to_string(manifest.generation) + ", " +
         std::to_string(manifest.records.people) + " people; policy " + policy->digest() +
         " in mode " + std::string{word(policy->mode())};
}

}  // namespace gateway
