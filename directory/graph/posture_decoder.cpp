// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_decoder.h"

#include "directory/graph/json_properties.h"
#include "directory/graph/posture_queries.h"
#include "policy/result.h"

#include <boost/json/value.hpp>

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

template <typename T>
void add(std::vector<T>& items, std::optional<T> item) {
  if (item.has_value()) {
    items.push_back(*std::move(item));
  }
}

// Reads a page with a function that gives an item, or nothing for one to be left out.
template <typename T, typename Read>
Result<PosturePage<T>> read_page(std::string_view body, Read read) {
  return read_body<PosturePage<T>>(body, [&](const Properties& root) -> Result<PosturePage<T>> {
    if (auto checked = check_page(root); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
    PosturePage<T> page{.items = {}, .next_link = root.text("@odata.nextLink")};
    for (const json::value& item : root.list("value")) {
      add(page.items, read(Properties{&item}));
    }
    return page;
  });
}

// As it is, if it says what it is about.
template <typename T>
std::optional<T> if_named(T item, std::string T::* name = &T::id) {
  return (item.*name).empty() ? std::nullopt : std::optional{std::move(item)};
}

// The words between any of the separators.
std::vector<std::string> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) {
      words.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<std::string> password_policies(const Properties& user) {
  std::vector<std::string> policies = words_of(user.text("passwordPolicies"), ", ");
  std::erase(policies, "None");
  return policies;
}

std::vector<ProvisioningError> provisioning_errors(const Properties& user) {
  std::vector<ProvisioningError> errors;
  for (const json::value& item : user.list("onPremisesProvisioningErrors")) {
    const Properties error{&item};
    if (error.is_object()) {
      errors.push_back({.category = error.text("category"),
                        .property = error.text("propertyCausingError"),
                        .value = error.text("value")});
    }
  }
  return errors;
}

std::optional<PostureUser> read_user(const Properties& item) {
  PostureUser user{.id = item.text("id"),
                   .display_name = item.text("displayName"),
                   .user_principal_name = item.text("userPrincipalName"),
                   .mail = item.text("mail"),
                   .user_type = item.text("userType"),
                   .is_enabled = item.flag("accountEnabled"),
                   .password_policies = password_policies(item),
                   .password_changed = item.time("lastPasswordChangeDateTime"),
                   .age_group = item.text("legalAgeGroupClassification"),
                   .is_synced = item.flag("onPremisesSyncEnabled"),
                   .synced = item.time("onPremisesLastSyncDateTime"),
                   .provisioning_errors = provisioning_errors(item),
                   .proxy_addresses = item.texts("proxyAddresses")};
  return if_named(std::move(user));
}

std::string verified_publisher(const Properties& item) {
  return item.object("verifiedPublisher").text("verifiedPublisherId");
}

std::optional<AppCertification> read_certification(const Properties& application) {
  const Properties found = application.object("certification");
  if (!found.is_object()) {
    return std::nullopt;
  }
  return AppCertification{
      .is_certified = found.flag("isCertifiedByMicrosoft").value_or(false),
      .is_publisher_attested = found.flag("isPublisherAttested").value_or(false),
      .expires = found.time("certificationExpirationDateTime"),
      .details_url = found.text("certificationDetailsUrl")};
}

std::optional<PostureApplication> read_application(const Properties& item) {
  PostureApplication application{.id = item.text("id"),
                                 .app_id = item.text("appId"),
                                 .display_name = item.text("displayName"),
                                 .certification = read_certification(item),
                                 .verified_publisher = verified_publisher(item),
                                 .disabled_by_microsoft = item.text("disabledByMicrosoftStatus")};
  return if_named(std::move(application));
}

std::optional<PostureServicePrincipal> read_service_principal(const Properties& item) {
  PostureServicePrincipal principal{.id = item.text("id"),
                                    .app_id = item.text("appId"),
                                    .display_name = item.text("displayName"),
                                    .owner_organization = item.text("appOwnerOrganizationId"),
                                    .verified_publisher = verified_publisher(item),
                                    .disabled_by_microsoft = item.text("disabledByMicrosoftStatus"),
                                    .type = item.text("servicePrincipalType"),
                                    .is_enabled = item.flag("accountEnabled")};
  return if_named(std::move(principal));
}

std::optional<DelegatedGrant> read_delegated_grant(const Properties& item) {
  DelegatedGrant grant{.client_id = item.text("clientId"),
                       .resource_id = item.text("resourceId"),
                       .consent_type = item.text("consentType"),
                       .principal_id = item.text("principalId"),
                       .scopes = words_of(item.text("scope"), " ")};
  return if_named(std::move(grant), &DelegatedGrant::client_id);
}

std::optional<AppRoleGrant> read_app_role_grant(const Properties& item) {
  AppRoleGrant grant{.resource_id = item.text("resourceId"),
                     .resource_name = item.text("resourceDisplayName"),
                     .role_id = item.text("appRoleId")};
  return if_named(std::move(grant), &AppRoleGrant::role_id);
}

std::optional<AuthenticationMethod> read_method(const Properties& item) {
  const std::string id = item.text("id");
  if (!id.empty() && item.is_a("fido2AuthenticationMethod")) {
    return SecurityKey{.id = id,
                       .name = item.text("displayName"),
                       .attestation_level = item.text("attestationLevel"),
                       .passkey_type = item.text("passkeyType")};
  }
  if (!id.empty() && item.is_a("windowsHelloForBusinessAuthenticationMethod")) {
    return HelloKey{
        .id = id, .name = item.text("displayName"), .key_strength = item.text("keyStrength")};
  }
  return std::nullopt;
}

std::optional<CalendarPermission> read_calendar_permission(const Properties& item) {
  const Properties address = item.object("emailAddress");
  return if_named(CalendarPermission{.name = address.text("name"),
                                     .email = address.text("address"),
                                     .role = item.text("role"),
                                     .is_inside_organization = item.flag("isInsideOrganization")},
                  &CalendarPermission::role);
}

std::vector<RuleRecipient> recipients(const Properties& actions, std::string_view name) {
  std::vector<RuleRecipient> all;
  for (const json::value& item : actions.list(name)) {
    const Properties address = Properties{&item}.object("emailAddress");
    if (address.is_object()) {
      all.push_back({.name = address.text("name"), .address = address.text("address")});
    }
  }
  return all;
}

std::optional<MessageRule> read_message_rule(const Properties& item) {
  const Properties actions = item.object("actions");
  return if_named(
      MessageRule{.id = item.text("id"),
                  .name = item.text("displayName"),
                  .is_enabled = item.flag("isEnabled").value_or(false),
                  .forward_to = recipients(actions, "forwardTo"),
                  .forward_as_attachment_to = recipients(actions, "forwardAsAttachmentTo"),
                  .redirect_to = recipients(actions, "redirectTo")});
}

std::optional<TenantSyncTime> read_sync_time(const Properties& item) {
  return if_named(TenantSyncTime{.id = item.text("id"),
                                 .is_synced = item.flag("onPremisesSyncEnabled"),
                                 .synced = item.time("onPremisesLastSyncDateTime")});
}

std::optional<std::string> read_verification_text(const Properties& item) {
  std::string text = item.text("text");  // no other kind of record has it
  return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

}  // namespace

Result<PosturePage<PostureUser>> decode_posture_users(std::string_view body) {
  return read_page<PostureUser>(body, read_user);
}

Result<PosturePage<PostureApplication>> decode_applications(std::string_view body) {
  return read_page<PostureApplication>(body, read_application);
}

Result<PosturePage<PostureServicePrincipal>> decode_service_principals(std::string_view body) {
  return read_page<PostureServicePrincipal>(body, read_service_principal);
}

Result<PosturePage<DelegatedGrant>> decode_delegated_grants(std::string_view body) {
  return read_page<DelegatedGrant>(body, read_delegated_grant);
}

Result<PosturePage<AppRoleGrant>> decode_app_role_grants(std::string_view body) {
  return read_page<AppRoleGrant>(body, read_app_role_grant);
}

Result<PosturePage<AuthenticationMethod>> decode_authentication_methods(std::string_view body) {
  return read_page<AuthenticationMethod>(body, read_method);
}

Result<PosturePage<CalendarPermission>> decode_calendar_permissions(std::string_view body) {
  return read_page<CalendarPermission>(body, read_calendar_permission);
}

Result<PosturePage<MessageRule>> decode_message_rules(std::string_view body) {
  return read_page<MessageRule>(body, read_message_rule);
}

Result<std::string> decode_mailbox_purpose(std::string_view body) {
  return read_body<std::string>(body, [](const Properties& root) -> Result<std::string> {
    if (root.find("value") == nullptr) {
      return fail(ErrorCode::kInvalidInput, "`value` is missing");
    }
    return root.text("value");
  });
}

Result<TenantSyncTime> decode_sync_time(std::string_view body) {
  auto page = read_page<TenantSyncTime>(body, read_sync_time);
  if (!page.has_value()) {
    return std::unexpected{std::move(page).error()};
  }
  if (page->items.empty()) {
    return fail(ErrorCode::kInvalidInput, "it names no organization");
  }
  return std::move(page->items.front());
}

Result<PosturePage<std::string>> decode_verification_texts(std::string_view body) {
  return read_page<std::string>(body, read_verification_text);
}

}  // namespace directory
