// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_queries.h"
#include "directory/posture/evidence_text.h"
#include "directory/posture/finding.h"
#include "directory/posture/looks.h"
#include "directory/posture/predicates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kDay = std::chrono::seconds{std::chrono::days{1}}.count();
constexpr std::int64_t kOldPassword = 90 * kDay;
constexpr std::int64_t kLongestWithoutSync = 7 * kDay;

bool has_policy(const PostureUser& user, std::string_view policy) {
  return std::ranges::find(user.password_policies, policy) != user.password_policies.end();
}

Judgement found_in_policies(const PostureUser& user, std::string_view policy) {
  return has_policy(user, policy) ? found_if_any("password_policies", user.password_policies)
                                  : clean();
}

// `smtp:ada@contoso.example`: an address beside the primary one.
bool is_secondary(std::string_view proxy) {
  return proxy.starts_with("smtp:");
}

}  // namespace

Judgement provisioning_error(const PostureUser& user, const TenantContext& /*context*/) {
  std::vector<std::string> errors;
  errors.reserve(user.provisioning_errors.size());
  for (const ProvisioningError& error : user.provisioning_errors) {
    errors.push_back(error.category + ": " + error.property + " " + error.value);
  }
  return found_if_any("errors", std::move(errors));
}

Judgement password_never_expires(const PostureUser& user, const TenantContext& /*context*/) {
  return found_in_policies(user, "DisablePasswordExpiration");
}

Judgement password_may_be_weak(const PostureUser& user, const TenantContext& /*context*/) {
  return found_in_policies(user, "DisableStrongPassword");
}

// The password of a guest, or of a user of a federated domain, is kept elsewhere.
Judgement password_is_old(const PostureUser& user, const TenantContext& context) {
  const bool is_elsewhere = user.user_type == "Guest" ||
                            context.federated_domains.contains(domain_of(user.user_principal_name));
  if (is_elsewhere || !user.password_changed.has_value() ||
      *user.password_changed >= context.now - kOldPassword) {
    return clean();
  }
  const std::int64_t days = (context.now - *user.password_changed) / kDay;
  return found({{.name = "password_changed", .values = {time_text(*user.password_changed)}},
                {.name = "days", .values = {std::to_string(days)}}});
}

// Never synced and no longer synced are two things: there is no value, or it is false.
Judgement sync_disabled(const PostureUser& user, const TenantContext& /*context*/) {
  const std::string last = user.synced.has_value() ? time_text(*user.synced) : "not known";
  return found_if(user.is_synced == false, "last_synced", last);
}

Judgement not_synced(const PostureUser& user, const TenantContext& context) {
  if (user.is_synced != true || !user.synced.has_value() ||
      *user.synced >= context.now - kLongestWithoutSync) {
    return clean();
  }
  if (is_sync_engine_down(context)) {
    return covered();
  }
  return found_if(true, "last_synced", time_text(*user.synced));
}

Judgement tenant_not_synced(const TenantSyncTime& sync, const TenantContext& context) {
  if (!is_sync_engine_down(context)) {
    return clean();
  }
  return found({{.name = "last_synced", .values = {time_text(sync.synced.value_or(0))}},
                {.name = "concerns", .values = {"every synced user: the sync has stopped"}}});
}

Judgement not_legal_adult(const PostureUser& user, const TenantContext& /*context*/) {
  constexpr auto kMinors = std::to_array<std::string_view>({"minorwithoutparentalconsent",
                                                            "minorwithparentalconsent",
                                                            "minornoparentalconsentrequired",
                                                            "notadult"});
  // The documentation spells one of them in two ways.
  const bool is_minor = std::ranges::find(kMinors, lowered(user.age_group)) != kMinors.end();
  return found_if(is_minor, "age_group", user.age_group);
}

Judgement has_proxy_addresses(const PostureUser& user, const TenantContext& context) {
  std::vector<std::string> addresses;
  for (const std::string& proxy : user.proxy_addresses) {
    if (is_secondary(proxy) && domain_of(proxy) != context.initial_domain) {
      addresses.push_back(proxy.substr(proxy.find(':') + 1));
    }
  }
  return found_if_any("addresses", std::move(addresses));
}

Judgement account_disabled(const PostureUser& user, const TenantContext& /*context*/) {
  return found_if(user.is_enabled == false, "account_enabled", "false");
}

Judgement disabled_by_design(const MailboxPurpose& mailbox, const TenantContext& /*context*/) {
  constexpr auto kByDesign = std::to_array<std::string_view>({"shared", "room", "equipment"});
  if (std::ranges::find(kByDesign, mailbox.purpose) == kByDesign.end()) {
    return covered();
  }
  return found({{.name = "account_enabled", .values = {"false"}},
                {.name = "mailbox", .values = {mailbox.purpose + ": disabled by design"}}});
}

}  // namespace directory
