// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/task.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace directory {

/// Why a user of the company's own directory could not be taken over as it is.
struct ProvisioningError {
  std::string category;  ///< `PropertyConflict`
  std::string property;  ///< the one that is at fault: `UserPrincipalName`, `ProxyAddresses`
  std::string value;
};

/// A user as posture findings look at one. Empty texts: not set.
struct PostureUser {
  std::string id;
  std::string display_name;
  std::string user_principal_name;
  std::string mail;
  std::string user_type;  ///< `Member`, `Guest`
  std::optional<bool> is_enabled;
  std::vector<std::string> password_policies;    ///< `DisableStrongPassword` ...; `None` is none
  std::optional<std::int64_t> password_changed;  ///< seconds since 1970
  std::string age_group;          ///< legalAgeGroupClassification as it came; two spellings exist
  std::optional<bool> is_synced;  ///< from on premises; false: it was; nothing: it never was
  std::optional<std::int64_t> synced;  ///< the last time; seconds since 1970
  std::vector<ProvisioningError> provisioning_errors;
  std::vector<std::string> proxy_addresses;  ///< as they are, with `SMTP:` or `smtp:`
};

/// A FIDO2 key. https://learn.microsoft.com/graph/api/resources/fido2authenticationmethod
struct SecurityKey {
  std::string id;
  std::string name;
  std::string attestation_level;  ///< `attested`, `notAttested`, one that is new, or empty
  std::string passkey_type;       ///< `deviceBound`, `synced`, one that is new, or empty
};

/// https://learn.microsoft.com/graph/api/resources/windowshelloforbusinessauthenticationmethod
struct HelloKey {
  std::string id;
  std::string name;
  std::string key_strength;  ///< `normal`, `weak`, `unknown`, one that is new, or empty
};

/// With what a user can sign in, as far as findings look at it.
struct AuthenticationMethods {
  std::vector<SecurityKey> security_keys;
  std::vector<HelloKey> hello_keys;
};

/// With whom a calendar is shared. "My Organization" has no address.
struct CalendarPermission {
  std::string name;
  std::string email;
  std::string role;  ///< `none`, `freeBusyRead`, `limitedRead`, `read`, `write` ...
  std::optional<bool> is_inside_organization;
};

/// Whom a rule sends mail to. The address may be a legacy one (`/o=...`) or empty.
struct RuleRecipient {
  std::string name;
  std::string address;
};

/// A rule of an inbox. Hidden ones are not told.
struct MessageRule {
  std::string id;
  std::string name;
  bool is_enabled = false;
  std::vector<RuleRecipient> forward_to;
  std::vector<RuleRecipient> forward_as_attachment_to;
  std::vector<RuleRecipient> redirect_to;
};

/// What Microsoft 365 App Compliance says of an application.
struct AppCertification {
  bool is_certified = false;            ///< by Microsoft
  bool is_publisher_attested = false;   ///< its publisher answered the questions
  std::optional<std::int64_t> expires;  ///< of the certification; seconds since 1970
  std::string details_url;
};

/// An application that is registered in the tenant.
struct PostureApplication {
  std::string id;
  std::string app_id;
  std::string display_name;
  std::optional<AppCertification> certification;
  std::string verified_publisher;     ///< its id; empty if it has none
  std::string disabled_by_microsoft;  ///< disabledByMicrosoftStatus; empty for null
};

/// An application that can do something in the tenant, of any vendor.
struct PostureServicePrincipal {
  std::string id;
  std::string app_id;
  std::string display_name;
  std::string owner_organization;     ///< the tenant in which it is registered; may be empty
  std::string verified_publisher;     ///< its id; empty if it has none
  std::string disabled_by_microsoft;  ///< disabledByMicrosoftStatus; empty for null
  std::string type;                   ///< `Application`, `ManagedIdentity` ...
  std::optional<bool> is_enabled;
};

/// What an application may do on behalf of users.
struct DelegatedGrant {
  std::string client_id;            ///< of the service principal that may
  std::string resource_id;          ///< of the service principal that is reached
  std::string consent_type;         ///< `AllPrincipals`, `Principal`
  std::string principal_id;         ///< the user of `Principal`; else empty
  std::vector<std::string> scopes;  ///< `Mail.Read` ...
};

/// What an application may do by itself: an appRoleAssignment of its service principal.
struct AppRoleGrant {
  std::string resource_id;  ///< of the service principal that is reached
  std::string resource_name;
  std::string role_id;
};

/// When the tenant last took over the directory on premises.
struct TenantSyncTime {
  std::string id;
  std::optional<bool> is_synced;       ///< false: it was; nothing: it never was
  std::optional<std::int64_t> synced;  ///< seconds since 1970
};

/// A page of a list.
template <typename T>
struct PosturePage {
  std::vector<T> items;   ///< without those that do not say what they are about
  std::string next_link;  ///< empty: the last page
};

/// What is asked of one user. Nothing asked takes no request.
struct MailboxQuestion {
  std::string user_id;
  bool methods = false;   ///< of authentication
  bool calendar = false;  ///< permissions of the default one
  bool rules = false;     ///< of the inbox
  bool purpose = false;   ///< of the mailbox
};

/// What came of it; only what was asked has a value.
struct MailboxAnswer {
  std::optional<GraphResult<AuthenticationMethods>> methods;
  std::optional<GraphResult<std::vector<CalendarPermission>>> calendar;
  std::optional<GraphResult<std::vector<MessageRule>>> rules;
  std::optional<GraphResult<std::string>> purpose;  ///< `user`, `shared`, `room`, `equipment` ...
};

/// How many requests of a `$batch` a question takes: one for each thing asked.
[[nodiscard]] std::size_t requests_of(const MailboxQuestion& question);

/// The questions of posture findings. All are asked at low priority, so that Graph holds them back
/// before others. Answers are read with leniency: what is null or has another type than it should
/// is not set, an item that does not say what it is about (no id) is left out; but a body of
/// another kind, such as a page without a list, is `kRefused`. A next link that leads to another
/// origin is `kForeignLink`; one that is too old is `kResync`: begin anew.
class PostureQueries {
 public:
  /// `client` must outlive the queries.
  explicit PostureQueries(GraphClient& client) : client_(&client) {}

  /// A page of all users. An empty link begins. Takes User.Read.All.
  [[nodiscard]] Task<GraphResult<PosturePage<PostureUser>>> users(std::string link);

  /// A page of the applications registered in the tenant. Takes Application.Read.All.
  [[nodiscard]] Task<GraphResult<PosturePage<PostureApplication>>> applications(std::string link);

  /// A page of the service principals of the tenant. Takes Application.Read.All.
  [[nodiscard]] Task<GraphResult<PosturePage<PostureServicePrincipal>>> service_principals(
      std::string link);

  /// A page of all delegated grants. Takes Directory.Read.All.
  [[nodiscard]] Task<GraphResult<PosturePage<DelegatedGrant>>> delegated_grants(std::string link);

  /// The application permissions of each of these service principals, in their order, with
  /// `$batch`; later pages are followed. Takes Application.Read.All.
  [[nodiscard]] Task<GraphResult<std::vector<GraphResult<std::vector<AppRoleGrant>>>>>
  app_role_grants(std::vector<std::string> service_principal_ids);

  /// Takes Organization.Read.All or Directory.Read.All. With User.Read.All alone Graph may answer
  /// with the id and nothing else, so that nothing here does not prove that it never was.
  [[nodiscard]] Task<GraphResult<TenantSyncTime>> sync_time();

  /// The texts of the TXT records that would verify the domain: `MS=ms...`. Takes Domain.Read.All.
  [[nodiscard]] Task<GraphResult<std::vector<std::string>>> verification_texts(std::string domain);

  /// Asks with one `$batch`: the requests of all questions must be at most `kBatchSize`, else it is
  /// `kRefused`. The answers are in the order of the questions. Later pages of a list are followed,
  /// each with a request of its own. Takes UserAuthenticationMethod.Read.All, Calendars.Read and
  /// MailboxSettings.Read, each where it is asked for; where one is missing, that part fails alone.
  [[nodiscard]] Task<GraphResult<std::vector<MailboxAnswer>>> mailboxes(
      std::vector<MailboxQuestion> questions);

 private:
  GraphClient* client_;
};

}  // namespace directory
