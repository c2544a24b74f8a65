// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/authorization.h"

#include "directory/clock.h"
#include "directory/graph/admin_consent.h"
#include "directory/graph/application.h"
#include "directory/graph/failure.h"
#include "directory/graph/guid.h"
#include "directory/graph/permissions.h"
#include "directory/graph/token_source.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/result.h"

#include <expected>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

constexpr std::string_view kCallbackPath = "/oauth/callback";

bool needs_exchange(const std::set<Feature>& features) {
  return features.contains(Feature::kProvision);
}

}  // namespace

policy::Result<std::string> begin_authorization(const Application& application,
                                                const ApiSettings& api,
                                                Records& records,
                                                const DirectoryKey& key) {
  const std::string state = random_guid();
  const std::string back =
      api.public_url.empty() ? std::string{} : api.public_url + std::string{kCallbackPath};
  if (auto kept = records.put_consent(state, key, now_in_seconds()); !kept.has_value()) {
    return std::unexpected{std::move(kept).error()};
  }
  return admin_consent_url(application, back, state);
}

policy::Result<DirectoryKey> end_authorization(std::string_view query, Records& records) {
  auto answer = parse_consent_redirect(query);
  if (!answer.has_value()) {
    return std::unexpected{std::move(answer).error()};
  }
  auto key = records.take_consent(answer->state, now_in_seconds());
  if (!key.has_value()) {
    return std::unexpected{std::move(key).error()};
  }
  if (!answer->is_granted) {
    return policy::fail(
        policy::ErrorCode::kDenied,
        fmt::format("{}/{}: {}", key->organization, key->directory, answer->refusal));
  }
  return key;
}

Task<policy::Result<std::string>> prove_authorization(std::shared_ptr<Tenant> tenant,
                                                      DirectoryKey key) {
  tenant->tokens().forget(Audience::kGraph);
  tenant->tokens().forget(Audience::kExchange);
  auto organization = co_await tenant->queries().organization();
  if (!organization.has_value()) {
    co_return std::unexpected{to_error(std::move(organization).error())};
  }
  co_return fmt::format(
      "{0} (tenant {1}) is authorized; start the first sync: fromguard-directory directories sync "
      "'{2}/{3}'",
      organization->display_name,
      organization->id,
      key.organization,
      key.directory);
}

Task<policy::Result<std::vector<PermissionState>>> list_permissions(std::shared_ptr<Tenant> tenant,
                                                                    std::set<Feature> features) {
  tenant->tokens().forget(Audience::kGraph);
  auto graph = co_await tenant->tokens().token(Audience::kGraph);
  if (!graph.has_value()) {
    co_return std::unexpected{to_error(std::move(graph).error())};
  }
  AccessToken exchange;
  if (needs_exchange(features)) {
    tenant->tokens().forget(Audience::kExchange);
    auto token = co_await tenant->tokens().token(Audience::kExchange);
    if (!token.has_value()) {
      co_return std::unexpected{to_error(std::move(token).error())};
    }
    exchange = *std::move(token);
  }
  std::vector<std::string> words;
  words.reserve(features.size());
  for (const Feature feature : features) {
    words.emplace_back(word_of(feature));
  }
  auto grants = permission_grants(words, graph->roles, exchange.roles);
  std::vector<PermissionState> states;
  states.reserve(grants.size());
  for (PermissionGrant& grant : grants) {
    PermissionState state;
    state.feature = std::move(grant.feature);
    state.permission = std::move(grant.permission);
    state.resource = std::move(grant.resource);
    state.purpose = std::move(grant.purpose);
    state.least = std::move(grant.least);
    state.admin_role = std::move(grant.admin_role);
    state.is_granted = grant.is_granted;
    state.granted_by = std::move(grant.granted_by);
    states.push_back(std::move(state));
  }
  co_return states;
}

}  // namespace directory
