// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/directory_queries.h"

#include "directory/graph/directory_decoder.h"
#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/graph/readable.h"
#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using Kind = GraphFailureKind;

constexpr std::string_view kUserProperties =
    "id,displayName,givenName,surname,mail,userPrincipalName,proxyAddresses,otherMails,"
    "accountEnabled,userType";
constexpr std::string_view kGroupProperties = "id,displayName,mail,proxyAddresses";
// A change of either list above is a change here.
constexpr std::string_view kSelectVersion =
    "1:id,displayName,givenName,surname,mail,userPrincipalName,proxyAddresses,otherMails,"
    "accountEnabled,userType;id,displayName,mail,proxyAddresses,members";

constexpr std::string_view kReadUsers = "User.Read.All";
constexpr std::string_view kReadGroups = "GroupMember.Read.All";
constexpr std::string_view kReadDomains = "Domain.Read.All";

constexpr std::size_t kShortestBeginning = 3;
constexpr int kMostPages = 10'000;  // of a list whose links never end

GraphRequest get(std::string target, std::string_view permission) {
  GraphRequest request;
  request.target = std::move(target);
  request.permission = permission;
  return request;
}

BatchRequest batched_get(std::string target, std::string_view permission) {
  BatchRequest request;
  request.target = std::move(target);
  request.permission = permission;
  return request;
}

// A page with one link, which may be kept and followed later.
template <typename Change>
GraphResult<DeltaPage<Change>> one_link(const GraphClient& client,
                                        std::string_view what,
                                        GraphResult<DeltaPage<Change>> page) {
  if (page.has_value() && page->next_link.empty() == page->delta_link.empty()) {
    return std::unexpected{
        unreadable(what,
                   {.code = policy::ErrorCode::kInvalidInput,
                    .message = "a page of a delta must have either a next link or a delta link"})};
  }
  if (page.has_value()) {
    const std::string& link = page->next_link.empty() ? page->delta_link : page->next_link;
    if (auto checked = client.check_link(link); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  return page;
}

// Reads all pages of a list, or until it has more than `most`.
template <typename Item>
Task<GraphResult<std::vector<Item>>> read_list(
    GraphClient& client,
    GraphRequest first,
    std::string_view what,
    policy::Result<DeltaPage<Item>> (*decode)(std::string_view),
    std::size_t most = std::numeric_limits<std::size_t>::max()) {
  std::vector<Item> items;
  std::string link = first.target;
  for (int pages = 0; !link.empty() && items.size() <= most; ++pages) {
    GraphRequest request = get(link, first.permission);
    const auto answer = co_await client.send(std::move(request));
    if (!answer.has_value()) {
      co_return std::unexpected{answer.error()};
    }
    auto page = readable(what, decode(answer->body));
    if (!page.has_value()) {
      co_return std::unexpected{std::move(page).error()};
    }
    if (page->next_link == link || pages >= kMostPages) {
      co_return std::unexpected{
          graph_failure(Kind::kRefused, fmt::format("Graph's list of {} does not end", what))};
    }
    std::ranges::move(page->changes, std::back_inserter(items));
    link = std::move(page->next_link);
  }
  co_return items;
}

bool carries_mail(const TenantDomain& domain) {
  return domain.is_verified &&
         std::ranges::find(domain.supported_services, "Email") != domain.supported_services.end();
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

// The text within the quotes of an OData literal, for a query.
std::string literal(std::string_view text) {
  std::string doubled;
  for (const char c : text) {
    doubled += c == '\'' ? "''" : std::string{c};
  }
  return percent_encoded(doubled);
}

GraphFailure too_many_people(std::size_t most) {
  return graph_failure(
      Kind::kRefused,
      fmt::format("the groups found hold more than {} people; select fewer groups, or take "
                  "`targets: all`",
                  most));
}

}  // namespace

std::string_view DirectoryQueries::select_version() {
  return kSelectVersion;
}

Task<GraphResult<DeltaPage<UserChange>>> DirectoryQueries::users_delta(std::string link) {
  if (link.empty()) {
    link = fmt::format("/users/delta?$select={}", kUserProperties);
  }
  GraphRequest request = get(std::move(link), kReadUsers);
  const auto answer = co_await client_->send(std::move(request));
  if (!answer.has_value()) {
    co_return std::unexpected{answer.error()};
  }
  co_return one_link(*client_, "users", readable("users", decode_users(answer->body)));
}

Task<GraphResult<DeltaPage<GroupChange>>> DirectoryQueries::groups_delta(std::string link) {
  if (link.empty()) {
    link = fmt::format("/groups/delta?$select={},members", kGroupProperties);
  }
  GraphRequest request = get(std::move(link), kReadGroups);
  const auto answer = co_await client_->send(std::move(request));
  if (!answer.has_value()) {
    co_return std::unexpected{answer.error()};
  }
  co_return one_link(*client_, "groups", readable("groups", decode_groups(answer->body)));
}

Task<GraphResult<std::vector<TenantDomain>>> DirectoryQueries::domains() {
  GraphRequest first = get("/domains", kReadDomains);
  auto domains =
      co_await read_list<TenantDomain>(*client_, std::move(first), "domains", decode_domains);
  if (!domains.has_value()) {
    co_return std::unexpected{std::move(domains).error()};
  }
  std::vector<TenantDomain*> with_mail;
  std::vector<BatchRequest> requests;
  for (TenantDomain& domain : *domains) {
    if (carries_mail(domain)) {
      with_mail.push_back(&domain);
      requests.push_back(
          batched_get("/domains/" + percent_encoded(domain.name) + "/serviceConfigurationRecords",
                      kReadDomains));
    }
  }
  const auto answers = co_await client_->send_batch(std::move(requests));
  if (!answers.has_value()) {
    co_return std::unexpected{answers.error()};
  }
  for (std::size_t i = 0; i < with_mail.size(); ++i) {
    const auto& answer = (*answers)[i];
    if (!answer.has_value() && answer.error().kind == Kind::kNotFound) {
      continue;
    }
    if (!answer.has_value()) {
      co_return std::unexpected{answer.error()};
    }
    auto host = readable("the records of a domain", decode_mail_exchange(answer->body));
    if (!host.has_value()) {
      co_return std::unexpected{std::move(host).error()};
    }
    with_mail[i]->mail_exchange = *std::move(host);
  }
  co_return domains;
}

Task<GraphResult<TenantOrganization>> DirectoryQueries::organization() {
  GraphRequest request = get("/organization?$select=id,displayName", kReadUsers);
  const auto answer = co_await client_->send(std::move(request));
  if (!answer.has_value()) {
    co_return std::unexpected{answer.error()};
  }
  co_return readable("the organization", decode_organization(answer->body));
}

Task<GraphResult<std::vector<UserChange>>> DirectoryQueries::users_named(
    std::vector<std::string> principal_names) {
  std::vector<BatchRequest> requests;
  requests.reserve(principal_names.size());
  for (const std::string& name : principal_names) {
    requests.push_back(batched_get(
        fmt::format("/users/{}?$select={}", percent_encoded(name), kUserProperties), kReadUsers));
  }
  const auto answers = co_await client_->send_batch(std::move(requests));
  if (!answers.has_value()) {
    co_return std::unexpected{answers.error()};
  }
  std::vector<UserChange> users;
  for (const auto& answer : *answers) {
    if (!answer.has_value() && answer.error().kind == Kind::kNotFound) {
      continue;
    }
    if (!answer.has_value()) {
      co_return std::unexpected{answer.error()};
    }
    auto user = readable("a user", decode_user(answer->body));
    if (!user.has_value()) {
      co_return std::unexpected{std::move(user).error()};
    }
    users.push_back(*std::move(user));
  }
  co_return users;
}

Task<GraphResult<std::vector<GroupWithMembers>>> DirectoryQueries::groups_beginning(
    std::string text, std::size_t most) {
  if (count_characters(text) < kShortestBeginning) {
    co_return std::unexpected{graph_failure(
        Kind::kRefused, "a group is searched for by three characters of its name or more")};
  }
  GraphRequest first =
      get(fmt::format("/groups?$filter=startswith(displayName,'{}')&$select={}&$top=999",
                      literal(text),
                      kGroupProperties),
          kReadGroups);
  auto groups =
      co_await read_list<GroupChange>(*client_, std::move(first), "groups", decode_groups);
  if (!groups.has_value()) {
    co_return std::unexpected{std::move(groups).error()};
  }
  std::vector<GroupWithMembers> found;
  std::set<std::string> people;
  for (GroupChange& group : *groups) {
    GraphRequest members = get(fmt::format("/groups/{}/transitiveMembers?$select={}&$top=999",
                                           percent_encoded(group.id),
                                           kUserProperties),
                               kReadGroups);
    auto users = co_await read_list<UserChange>(
        *client_, std::move(members), "the members of a group", decode_member_users, most);
    if (!users.has_value()) {
      co_return std::unexpected{std::move(users).error()};
    }
    for (const UserChange& user : *users) {
      people.insert(user.id);
    }
    if (people.size() > most) {
      co_return std::unexpected{too_many_people(most)};
    }
    found.push_back({.group = std::move(group), .users = *std::move(users)});
  }
  co_return found;
}

}  // namespace directory
