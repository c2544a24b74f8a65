// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/check.h"

#include "gateway/in_force_source.h"
#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/settings.h"
#include "gateway/snapshot/current_generation.h"
#include "gateway/snapshot/open_generation.h"
#include "gateway/tools/check_references.h"
#include "policy/config/problems.h"
#include "policy/exit_status.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"
#include "policy/verdict/policy.h"

#include <expected>
#include <optional>
#include <ostream>

namespace gateway {
namespace {

using policy::ExitStatus;

ExitStatus check_snapshot(const Settings& settings,
                          const policy::Policy& policy,
                          std::ostream& output,
                          std::ostream& errors) {
  const auto link = read_current_link(settings.snapshot);
  const auto generation =
      link.has_value() ? open_generation(link->folder) : std::unexpected{link.error()};
  if (!generation.has_value()) {
    const bool is_none = generation.error().code == policy::ErrorCode::kNotFound;
    errors << settings.snapshot.string() << ": " << generation.error().message
           << (is_none ? "; start fromguard-directory, which publishes it" : "") << '\n';
    return policy::exit_status_of(generation.error().code);
  }
  policy::Problems warnings;
  check_references(policy, (*generation)->directory(), warnings);
  errors << warnings.text();
  const policy::Manifest& manifest = (*generation)->manifest();
  output << "snapshot: generation " << manifest.generation << ", " << manifest.records.people
         << " protected people, " << manifest.organizations.size() << " organizations\n";
  return ExitStatus::kDone;
}

}  // namespace

ExitStatus check(const Settings& settings,
                 policy::Problems& problems,
                 std::ostream& output,
                 std::ostream& errors) {
  const auto policy = policy::Policy::load(settings.policy, problems);
  const auto lexicon = load_lexicon(settings.decorations, problems);
  const auto delegated_senders = load_delegated_senders(settings.delegated_senders, problems);
  std::optional<OutboundTenants> tenants;
  if (!settings.outbound_tenants.empty()) {
    tenants = OutboundTenants::load(settings.outbound_tenants, problems);
  }
  errors << problems.text();
  if (problems.has_errors() || !policy.has_value() || lexicon == nullptr ||
      delegated_senders == nullptr) {
    return ExitStatus::kConfiguration;
  }
  output << "policy: " << policy->digest() << ", mode " << word(policy->mode()) << ", "
         << policy->rules().size() << " rules, " << policy->exceptions().size() << " exceptions\n";
  if (tenants.has_value()) {
    output << "outbound: mail of " << tenants->all().size() << " tenants\n";
  }
  return check_snapshot(settings, *policy, output, errors);
}

}  // namespace gateway
