// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/date_time.h"
#include "directory/graph/directory_decoder.h"
#include "directory/graph/message_decoder.h"
#include "directory/graph/posture_decoder.h"
#include "policy/name/charset.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

// What cannot be read is told in words that can be shown.
template <typename Read>
bool is_told(const Read& read) {
  check(read.has_value() || (!read.error().message.empty() && is_plain(read.error().message)));
  return read.has_value();
}

void read_directory(std::string_view body) {
  if (const auto users = directory::decode_users(body); is_told(users)) {
    for (const directory::UserChange& user : users->changes) {
      check(!user.id.empty() && policy::is_utf8(user.id));
      check(policy::is_utf8(user.display_name.value_or("")));
    }
    const auto members = directory::decode_member_users(body);
    check(!members.has_value() || members->changes.size() <= users->changes.size());
  }
  if (const auto groups = directory::decode_groups(body); is_told(groups)) {
    for (const directory::GroupChange& group : groups->changes) {
      check(!group.id.empty());
      check(std::ranges::none_of(group.members,
                                 [](const auto& member) { return member.id.empty(); }));
    }
  }
  if (const auto domains = directory::decode_domains(body); is_told(domains)) {
    check(std::ranges::none_of(domains->changes,
                               [](const auto& domain) { return domain.name.empty(); }));
  }
  if (const auto user = directory::decode_user(body); is_told(user)) {
    check(!user->id.empty());
  }
  is_told(directory::decode_mail_exchange(body));
  if (const auto organization = directory::decode_organization(body); is_told(organization)) {
    check(!organization->id.empty());
  }
}

void read_posture(std::string_view body) {
  is_told(directory::decode_posture_users(body));
  is_told(directory::decode_applications(body));
  is_told(directory::decode_service_principals(body));
  is_told(directory::decode_delegated_grants(body));
  is_told(directory::decode_app_role_grants(body));
  is_told(directory::decode_authentication_methods(body));
  is_told(directory::decode_calendar_permissions(body));
  is_told(directory::decode_message_rules(body));
  is_told(directory::decode_mailbox_purpose(body));
  is_told(directory::decode_sync_time(body));
  is_told(directory::decode_verification_texts(body));
}

void read_messages(std::string_view body) {
  if (const auto copies = directory::decode_copies(body); is_told(copies)) {
    check(std::ranges::none_of(copies->copies, [](const auto& copy) { return copy.id.empty(); }));
  }
  if (const auto copy = directory::decode_copy(body); is_told(copy)) {
    check(!copy->id.empty());
  }
  is_told(directory::decode_folders(body));
  is_told(directory::decode_folder(body));
}

constexpr auto kPieces =
    joined(kPiecesOfJson,
           std::to_array<std::string_view>({"value",
                                            "id",
                                            "@odata.nextLink",
                                            "@odata.deltaLink",
                                            "https://graph.example/v1.0/users",
                                            "@removed",
                                            "reason",
                                            "changed",
                                            "deleted",
                                            "displayName",
                                            "givenName",
                                            "surname",
                                            "mail",
                                            "userPrincipalName",
                                            "userType",
                                            "accountEnabled",
                                            "proxyAddresses",
                                            "otherMails",
                                            "SMTP:a@b.example",
                                            "members@delta",
                                            "@odata.type",
                                            "#microsoft.graph.user",
                                            "#microsoft.graph.group",
                                            "isVerified",
                                            "isDefault",
                                            "isInitial",
                                            "authenticationType",
                                            "supportedServices",
                                            "Email",
                                            "supportedService",
                                            "mailExchange",
                                            "preference",
                                            "#microsoft.graph.domainDnsMxRecord",
                                            "#microsoft.graph.domainDnsTxtRecord",
                                            "text",
                                            "passwordPolicies",
                                            "lastPasswordChangeDateTime",
                                            "2026-02-28T23:59:60.1234567Z",
                                            "0000-00-00T00:00:00Z",
                                            "9999-12-31T23:59:59+23:59",
                                            "legalAgeGroupClassification",
                                            "onPremisesSyncEnabled",
                                            "onPremisesLastSyncDateTime",
                                            "onPremisesProvisioningErrors",
                                            "category",
                                            "propertyCausingError",
                                            "appId",
                                            "certification",
                                            "isCertifiedByMicrosoft",
                                            "certificationExpirationDateTime",
                                            "keyCredentials",
                                            "passwordCredentials",
                                            "endDateTime",
                                            "requiredResourceAccess",
                                            "scope",
                                            "consentType",
                                            "resourceId",
                                            "appRoleId",
                                            "fido2AuthenticationMethod",
                                            "attestationLevel",
                                            "keyStrength",
                                            "role",
                                            "emailAddress",
                                            "address",
                                            "isInsideOrganization",
                                            "actions",
                                            "forwardTo",
                                            "redirectTo",
                                            "isEnabled",
                                            "internetMessageId",
                                            "parentFolderId",
                                            "receivedDateTime",
                                            "subject",
                                            "from"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz_input(data, size);
  read_directory(body);
  read_posture(body);
  read_messages(body);
  static_cast<void>(directory::parse_date_time(body));
  return 0;
}
