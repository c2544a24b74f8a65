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

#include <algorithm>
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

// A list of Graph's: what it takes, its name in a failure, how it is read, and where it begins if
// it is asked for page by page.
template <typename T>
struct List {
  std::string_view permission;
  std::string_view what;
  policy::Result<PosturePage<T>> (*decode)(std::string_view body);
  std::string_view beginning;
};

constexpr std::string_view kReadApplications = "Application.Read.All";
constexpr std::string_view kReadMailboxSettings = "MailboxSettings.Read";

constexpr List<PostureUser> kUsers{
    .permission = "User.Read.All",
    .what = "users",
    .decode = decode_posture_users,
    .beginning =
        "/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,"
        "passwordPolicies,lastPasswordChangeDateTime,legalAgeGroupClassification,"
        "onPremisesSyncEnabled,onPremisesLastSyncDateTime,onPremisesProvisioningErrors,"
        "proxyAddresses&$top=999"};
constexpr List<PostureApplication> kApplications{
    .permission = kReadApplications,
    .what = "applications",
    .decode = decode_applications,
    .beginning =
        "/applications?$select=id,appId,displayName,certification,verifiedPublisher,"
        "disabledByMicrosoftStatus&$top=999"};
constexpr List<PostureServicePrincipal> kServicePrincipals{
    .permission = kReadApplications,
    .what = "service principals",
    .decode = decode_service_principals,
    .beginning =
        "/servicePrincipals?$select=id,appId,displayName,appOwnerOrganizationId,"
        "verifiedPublisher,disabledByMicrosoftStatus,servicePrincipalType,accountEnabled"
        "&$top=999"};
constexpr List<DelegatedGrant> kDelegatedGrants{.permission = "Directory.Read.All",
                                                .what = "delegated grants",
                                                .decode = decode_delegated_grants,
                                                .beginning = "/oauth2PermissionGrants"};
constexpr List<AppRoleGrant> kAppRoleGrants{.permission = kReadApplications,
                                            .what = "application permissions",
                                            .decode = decode_app_role_grants,
                                            .beginning = {}};
constexpr List<std::string> kVerificationTexts{.permission = "Domain.Read.All",
                                               .what = "records of a domain",
                                               .decode = decode_verification_texts,
                                               .beginning = {}};
constexpr List<AuthenticationMethod> kMethods{.permission = "UserAuthenticationMethod.Read.All",
                                              .what = "authentication methods",
                                              .decode = decode_authentication_methods,
                                              .beginning = {}};
constexpr List<CalendarPermission> kCalendarPermissions{.permission = "Calendars.Read",
                                                        .what = "permissions of a calendar",
                                                        .decode = decode_calendar_permissions,
                                                        .beginning = {}};
constexpr List<MessageRule> kMessageRules{.permission = kReadMailboxSettings,
                                          .what = "rules of an inbox",
                                          .decode = decode_message_rules,
                                          .beginning = {}};

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

// The page of an answer, with a link that may be kept and followed.
template <typename T>
GraphResult<PosturePage<T>> page_of(const GraphClient& client,
                                    const GraphResult<GraphAnswer>& answer,
                                    const List<T>& list) {
  if (!answer.has_value()) {
    return std::unexpected{answer.error()};
  }
  auto page = readable(list.what, list.decode(answer->body));
  if (page.has_value() && !page->next_link.empty()) {
    if (auto checked = client.check_link(page->next_link); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  return page;
}

// One page of a list, which begins if there is no link.
template <typename T>
Task<GraphResult<PosturePage<T>>> read_page(GraphClient& client, std::string link, List<T> list) {
  if (link.empty()) {
    link = list.beginning;
  }
  GraphRequest request = get(std::move(link), list.permission);
  const auto answer = co_await client.send(std::move(request));
  co_return page_of(client, answer, list);
}

// All of a list whose first answer is there.
template <typename T>
Task<GraphResult<std::vector<T>>> read_list(GraphClient& client,
                                            GraphResult<GraphAnswer> answer,
                                            List<T> list) {
  std::vector<T> items;
  std::string link;
  for (int pages = 0; pages < kMostPages; ++pages) {
    auto page = page_of(client, answer, list);
    if (!page.has_value()) {
      co_return std::unexpected{std::move(page).error()};
    }
    std::ranges::move(page->items, std::back_inserter(items));
    if (page->next_link.empty()) {
      co_return items;
    }
    if (page->next_link == link) {
      break;
    }
    link = std::move(page->next_link);
    GraphRequest request = get(link, list.permission);
    auto next = co_await client.send(std::move(request));
    answer = std::move(next);
  }
  co_return std::unexpected{
      graph_failure(Kind::kRefused, fmt::format("Graph's list of {} does not end", list.what))};
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
      requests.push_back(batched_get(user + "/authentication/methods", kMethods.permission));
    }
    if (question.calendar) {
      requests.push_back(
          batched_get(user + "/calendar/calendarPermissions", kCalendarPermissions.permission));
    }
    if (question.rules) {
      requests.push_back(
          batched_get(user + "/mailFolders/inbox/messageRules", kMessageRules.permission));
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
    auto methods = co_await read_list(client, std::move(*answer++), kMethods);
    told.methods = methods.has_value()
                       ? GraphResult<AuthenticationMethods>{by_kind(*std::move(methods))}
                       : std::unexpected{std::move(methods).error()};
  }
  if (question.calendar) {
    auto permissions = co_await read_list(client, std::move(*answer++), kCalendarPermissions);
    told.calendar = std::move(permissions);
  }
  if (question.rules) {
    auto rules = co_await read_list(client, std::move(*answer++), kMessageRules);
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
  return read_page(*client_, std::move(link), kUsers);
}

Task<GraphResult<PosturePage<PostureApplication>>> PostureQueries::applications(std::string link) {
  return read_page(*client_, std::move(link), kApplications);
}

Task<GraphResult<PosturePage<PostureServicePrincipal>>> PostureQueries::service_principals(
    std::string link) {
  return read_page(*client_, std::move(link), kServicePrincipals);
}

Task<GraphResult<PosturePage<DelegatedGrant>>> PostureQueries::delegated_grants(std::string link) {
  return read_page(*client_, std::move(link), kDelegatedGrants);
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
    auto read = co_await read_list(*client_, std::move(answer), kAppRoleGrants);
    grants.push_back(std::move(read));
  }
  co_return grants;
}

Task<GraphResult<TenantSyncTime>> PostureQueries::sync_time() {
  GraphRequest request =
      get("/organization?$select=id,onPremisesSyncEnabled,onPremisesLastSyncDateTime",
          "Organization.Read.All");
  const auto answer = co_await client_->send(std::move(request));
  if (!answer.has_value()) {
    co_return std::unexpected{answer.error()};
  }
  co_return readable("the organization", decode_sync_time(answer->body));
}

Task<GraphResult<std::vector<std::string>>> PostureQueries::verification_texts(std::string domain) {
  GraphRequest request = get("/domains/" + percent_encoded(domain) + "/verificationDnsRecords",
                             kVerificationTexts.permission);
  auto answer = co_await client_->send(std::move(request));
  auto texts = co_await read_list(*client_, std::move(answer), kVerificationTexts);
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
