// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/sync_plan.h"

#include "directory/graph/directory_queries.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"

#include <cstddef>
#include <string>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {

TenantSource TenantSource::of(const DirectorySettings& settings) {
  const auto& source = std::get<Office365Source>(settings.source);
  TenantSource made{.targets = "all", .tenant = {}};
  if (settings.sync.targets.has_value()) {
    made.targets = fmt::format("people {} groups {}",
                               fmt::join(settings.sync.targets->people, ","),
                               fmt::join(settings.sync.targets->groups, ","));
  }
  made.tenant = fmt::format("{} at {}, {}",
                            source.application.tenant,
                            source.application.cloud.graph,
                            DirectoryQueries::select_version());
  return made;
}

TenantSource TenantSource::parse(const std::string& text) {
  const std::size_t end = text.find('\n');
  return end == std::string::npos
             ? TenantSource{}
             : TenantSource{.targets = text.substr(0, end), .tenant = text.substr(end + 1)};
}

std::string TenantSource::text() const {
  return targets + '\n' + tenant;
}

bool needs_provisioning(const DirectorySettings& settings, const SyncState& state) {
  if (!std::holds_alternative<Office365Source>(settings.source)) {
    return false;
  }
  if (state.live_set == 0) {
    return settings.sync.targets.has_value();
  }
  return TenantSource::parse(state.source).targets != TenantSource::of(settings).targets;
}

bool is_scheduled(const DirectorySettings& settings, const SyncState& state) {
  const bool is_started = state.is_started || settings.sync.first == FirstSync::kAutomatic;
  return is_started && !settings.sync.targets.has_value() && !needs_provisioning(settings, state);
}

}  // namespace directory
