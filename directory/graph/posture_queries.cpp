// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_queries.h"

#include "directory/graph/batch.h"
#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/graph/posture_decoder.h"
#include "directory/graph/readable.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using Kind = GraphFailureKind;

constexpr std::string_view kUsers =
    "/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,passwordPolicies,"
    "lastPasswordChangeDateTime,legalAgeGroupClassification,onPremisesSyncEnabled,"
    "onPremisesLastSyncDateTime,onPremisesProvisioningErrors,proxyAddresses&$top=999";
constexpr std::string_view kApplications =
    "/applications?$select=id,appId,displayName,certification,verifiedPublisher,"
    "disabledByMicrosoftStatus&$top=999";
constexpr std::string_view kServicePrincipals =
    "/servicePrincipals?$select=id,appId,displayName,appOwnerOrganizationId,verifiedPublisher,"
    "disabledByMicrosoftStatus,servicePrincipalType,accountEnabled&$top=999";
constexpr std::string_view kDelegatedGrants = "/oauth2PermissionGrants";
constexpr std::string_view kSyncTime =
    "/organization?$select=id,onPremisesSyncEnabled,onPremisesLastSyncDateTime";

constexpr std::string_view kReadUsers = "User.Read.All";
constexpr std::string_view kReadApplications = "Application.Read.All";
constexpr std::string_view kReadDirectory = "Directory.Read.All";
constexpr std::string_view kReadOrganization = "Organization.Read.All";
constexpr std::string_view kReadDomains = "Domain.Read.All";
constexpr std::string_view kReadMethods = "UserAuthenticationMethod.Read.All";
constexpr std::string_view kReadCalendars = "Calendars.Read";
constexpr std::string_view kReadMailboxSettings = "MailboxSettings.Read";

constexpr int kMostPages = 1000;  // of a list whose links never end

// A scan has time; people who wait for Graph have none.
HttpHeaders low_priority() {
  return {{"x-ms-throttle-priority", "low"}};
}

GraphRequest get(std::string target, std::string_view permission) {
  GraphRequest request;
  request.target = std::move(target);
  request.headers = low_priority();
  request.permission = permission;
  return request;
}

BatchRequest batched_get(std::string target, std::string_view permission) {
  BatchRequest request;
  request.target = std::move(target);
  request.headers = low_priority();
  request.permission = permission;
  return request;
}

template <typename T>
using Decode = policy::Result<PosturePage<T>> (*)(std::string_view body);

// The page of an answer, with a link that may be kept and followed.
template <typename T>
GraphResult<PosturePage<T>> page_of(const GraphClient& client,
                                    const GraphResult<GraphAnswer>& answer,
                                    std::string_view what,
                                    Decode<T> decode) {
  if (!answer.has_value()) {
    return std::unexpected{answer.error()};
  }
  auto page = readable(what, decode(answer->body));
  if (page.has_value() && !page->next_link.empty()) {
    if (auto checked = client.check_link(page->next_link); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  return page;
}

// All of a list whose first answer is there.
template <typename T>
Task<GraphResult<std::vector<T>>> read_list(GraphClient& client,
                                            GraphResult<GraphAnswer> answer,
                                            std::string_view permission,
                                            std::string_view what,
                                            Decode<T> decode) {
  std::vector<T> items;
  std::string link;
  for (int pages = 0; pages < kMostPages; ++pages) {
    auto page = page_of(client, answer, what, decode);
    if (!page.has_value()) {
      co_return std::unexpected{std::move(page).error()};
    }
    std::move(page->items.begin(), page->items.end(), std::back_inserter(items));
    if (page->next_link.empty()) {
      co_return items;
    }
    if (page->next_link == link) {
      break;
    }
    link = std::move(page->next_link);
    GraphRequest request = get(link, permission);
    auto next = co_await client.send(std::move(request));
    answer = std::move(next);
  }
  co_return std::unexpected{
      graph_failure(Kind::kRefused, fmt::format("Graph's list of {} does not end", what))};
}

// One page of a list, which begins at `first` or goes on at the link.
template <typename T>
Task<GraphResult<PosturePage<T>>> read_page(GraphClient& client,
                                            std::string link,
                                            std::string_view first,
                                            std::string_view permission,
                                            std::string_view what,
                                            Decode<T> decode) {
  if (link.empty()) {
    link = first;
  }
  GraphRequest request = get(std::move(link), permission);
  const auto answer = co_await client.send(std::move(request));
  co_return page_of(client, answer, what, decode);
}

AuthenticationMethods by_kind(std::vector<AuthenticationMethod> methods) {
  AuthenticationMethods sorted;
  for (AuthenticationMethod& method : methods) {
    if (auto* key = std::get_if<SecurityKey>(&method)) {
      sorted.security_keys.push_back(std::move(*key));
    } else if (auto* hello = std::get_if<HelloKey>(&method)) {
      sorted.hello_keys.push_back(std::move(*hello));
    }
  }
  return sorted;
}

GraphResult<std::string> purpose_in(const GraphResult<GraphAnswer>& answer) {
  if (!answer.has_value()) {
    return std::unexpected{answer.error()};
  }
  return readable("the purpose of a mailbox", decode_mailbox_purpose(answer->body));
}

// The requests of all questions; `answer_one` takes their answers in the same order.
std::vector<BatchRequest> requests_for(const std::vector<MailboxQuestion>& questions) {
  std::vector<BatchRequest> requests;
  for (const MailboxQuestion& question : questions) {
    const std::string user = "/users/" + percent_encoded(question.user_id);
    if (question.methods) {
      requests.push_back(batched_get(user + "/authentication/methods", kReadMethods));
    }
    if (question.calendar) {
      requests.push_back(batched_get(user + "/calendar/calendarPermissions", kReadCalendars));
    }
    if (question.rules) {
      requests.push_back(
          batched_get(user + "/mailFolders/inbox/messageRules", kReadMailboxSettings));
    }
    if (question.purpose) {
      requests.push_back(batched_get(user + "/mailboxSettings/userPurpose", kReadMailboxSettings));
    }
  }
  return requests;
}

using AnswerIterator = std::vector<GraphResult<GraphAnswer>>::iterator;

Task<MailboxAnswer> answer_one(GraphClient& client,
                               MailboxQuestion question,
                               AnswerIterator answer) {
  MailboxAnswer told;
  if (question.methods) {
    auto methods = co_await read_list<AuthenticationMethod>(client,
                                                            std::move(*answer++),
                                                            kReadMethods,
                                                            "authentication methods",
                                                            decode_authentication_methods);
    told.methods = methods.has_value()
                       ? GraphResult<AuthenticationMethods>{by_kind(*std::move(methods))}
                       : std::unexpected{std::move(methods).error()};
  }
  if (question.calendar) {
    auto permissions = co_await read_list<CalendarPermission>(client,
                                                              std::move(*answer++),
                                                              kReadCalendars,
                                                              "permissions of a calendar",
                                                              decode_calendar_permissions);
    told.calendar = std::move(permissions);
  }
  if (question.rules) {
    auto rules = co_await read_list<MessageRule>(client,
                                                 std::move(*answer++),
                                                 kReadMailboxSettings,
                                                 "rules of an inbox",
                                                 decode_message_rules);
    told.rules = std::move(rules);
  }
  if (question.purpose) {
    told.purpose = purpose_in(*answer);
  }
  co_return told;
}

}  // namespace

std::size_t requests_of(const MailboxQuestion& question) {
  std::size_t requests = 0;
  for (const bool is_asked :
       {question.methods, question.calendar, question.rules, question.purpose}) {
    requests += is_asked ? 1 : 0;
  }
  return requests;
}

Task<GraphResult<PosturePage<PostureUser>>> PostureQueries::users(std::string link) {
  return read_page<PostureUser>(
      *client_, std::move(link), kUsers, kReadUsers, "users", decode_posture_users);
}

Task<GraphResult<PosturePage<PostureApplication>>> PostureQueries::applications(std::string link) {
  return read_page<PostureApplication>(*client_,
                                       std::move(link),
                                       kApplications,
                                       kReadApplications,
                                       "applications",
                                       decode_applications);
}

Task<GraphResult<PosturePage<PostureServicePrincipal>>> PostureQueries::service_principals(
    std::string link) {
  return read_page<PostureServicePrincipal>(*client_,
                                            std::move(link),
                                            kServicePrincipals,
                                            kReadApplications,
                                            "service principals",
                                            decode_service_principals);
}

Task<GraphResult<PosturePage<DelegatedGrant>>> PostureQueries::delegated_grants(std::string link) {
  return read_page<DelegatedGrant>(*client_,
                                   std::move(link),
                                   kDelegatedGrants,
                                   kReadDirectory,
                                   "delegated grants",
                                   decode_delegated_grants);
}

Task<GraphResult<std::vector<GraphResult<std::vector<AppRoleGrant>>>>>
PostureQueries::app_role_grants(std::vector<std::string> service_principal_ids) {
  std::vector<BatchRequest> requests;
  requests.reserve(service_principal_ids.size());
  for (const std::string& id : service_principal_ids) {
    requests.push_back(batched_get(
        "/servicePrincipals/" + percent_encoded(id) + "/appRoleAssignments", kReadApplications));
  }
  auto answers = co_await client_->send_batch(std::move(requests), low_priority());
  if (!answers.has_value()) {
    co_return std::unexpected{std::move(answers).error()};
  }
  std::vector<GraphResult<std::vector<AppRoleGrant>>> grants;
  grants.reserve(answers->size());
  for (GraphResult<GraphAnswer>& answer : *answers) {
    auto read = co_await read_list<AppRoleGrant>(*client_,
                                                 std::move(answer),
                                                 kReadApplications,
                                                 "application permissions",
                                                 decode_app_role_grants);
    grants.push_back(std::move(read));
  }
  co_return grants;
}

Task<GraphResult<TenantSyncTime>> PostureQueries::sync_time() {
  GraphRequest request = get(std::string{kSyncTime}, kReadOrganization);
  const auto answer = co_await client_->send(std::move(request));
  if (!answer.has_value()) {
    co_return std::unexpected{answer.error()};
  }
  co_return readable("the organization", decode_sync_time(answer->body));
}

Task<GraphResult<std::vector<std::string>>> PostureQueries::verification_texts(std::string domain) {
  GraphRequest request =
      get("/domains/" + percent_encoded(domain) + "/verificationDnsRecords", kReadDomains);
  auto answer = co_await client_->send(std::move(request));
  auto texts = co_await read_list<std::string>(
      *client_, std::move(answer), kReadDomains, "records of a domain", decode_verification_texts);
  co_return texts;
}

Task<GraphResult<std::vector<MailboxAnswer>>> PostureQueries::mailboxes(
    std::vector<MailboxQuestion> questions) {
  std::vector<BatchRequest> requests = requests_for(questions);
  if (requests.size() > kBatchSize) {
    co_return std::unexpected{graph_failure(
        Kind::kRefused,
        fmt::format("{} questions at once; a batch holds {}", requests.size(), kBatchSize))};
  }
  auto answers = co_await client_->send_batch(std::move(requests), low_priority());
  if (!answers.has_value()) {
    co_return std::unexpected{std::move(answers).error()};
  }
  std::vector<MailboxAnswer> told;
  told.reserve(questions.size());
  auto next = answers->begin();
  for (const MailboxQuestion& question : questions) {
    auto one = co_await answer_one(*client_, question, next);
    told.push_back(std::move(one));
    next += static_cast<std::ptrdiff_t>(requests_of(question));
  }
  co_return told;
}

}  // namespace directory
