// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/name_order.h"
#include "directory/api/paging.h"
#include "directory/api/routes.h"
#include "directory/api/standing_json.h"
#include "directory/people/group_memory.h"
#include "directory/people/protection.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using policy::Result;

constexpr std::size_t kShown = 50;
constexpr std::size_t kMostByName = 4'000;  // each is looked up by itself

json::array to_json(const std::vector<std::string>& texts) {
  json::array array(texts.begin(), texts.end());
  return array;
}

// The address that people know: the first that the user may send from.
std::string shown_address(const DirectoryLookup& lookup, const StoredUser& user) {
  const auto addresses = lookup.addresses(user);
  return addresses.empty() ? user.user_principal_name : addresses.front();
}

json::object summary(const DirectoryLookup& lookup,
                     const StoredUser& user,
                     const PersonStanding& standing) {
  const DirectoryKey key = lookup.place().key();
  return json::object{{"organization", key.organization},
                      {"directory", key.directory},
                      {"id", user.id},
                      {"name", user.display_name},
                      {"mail", shown_address(lookup, user)},
                      {"enabled", user.is_enabled},
                      {"protection", to_json(standing)}};
}

// What people are asked for: a part of a name or address, or a whole address or id.
struct Wanted {
  std::string text;     // folded
  std::string address;  // canonical
  std::string id;

  [[nodiscard]] bool fits(const DirectoryLookup& lookup, const StoredUser& user) const {
    if (!id.empty()) {
      return user.id == id || lookup.has_address(user, address);
    }
    if (text.empty() || folded_name(user.display_name).find(text) != std::string::npos) {
      return true;
    }
    const auto holds = [&](const std::string& each) {
      return each.find(text) != std::string::npos;
    };
    const SecondaryEmails secondary = lookup.secondary_emails(user);
    return holds(policy::canonical_address(user.user_principal_name)) ||
           std::ranges::any_of(lookup.addresses(user), holds) ||
           std::ranges::any_of(secondary.declared, holds) ||
           std::ranges::any_of(secondary.added, holds);
  }
};

Result<void> add_if_wanted(const DirectoryLookup& lookup,
                           const Wanted& wanted,
                           const StoredUser& user,
                           ListPage& page) {
  if (!wanted.fits(lookup, user)) {
    return {};
  }
  const auto standing = lookup.standing(user);
  if (!standing.has_value()) {
    return std::unexpected{standing.error()};
  }
  page.add(summary(lookup, user, *standing));
  return {};
}

// Adds the people of one directory, by their ids.
Result<void> find_people(const DirectoryLookup& lookup, const Wanted& wanted, ListPage& page) {
  const DirectoryKey key = lookup.place().key();
  const auto take = [&](const StoredUser& user, const std::vector<std::string>&) -> Result<bool> {
    if (!page.looks_at(key, user.id)) {
      return false;
    }
    if (auto added = add_if_wanted(lookup, wanted, user, page); !added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
    return true;
  };
  return lookup.view().for_each_user(take, page.begin_after());
}

// Adds the people of one directory, by their names.
Result<void> find_people_by_name(const NameOrder& order,
                                 const DirectoryLookup& lookup,
                                 const Wanted& wanted,
                                 ListPage& page) {
  const DirectoryKey key = lookup.place().key();
  for (std::size_t i = order.first_after(page.begin_after()); i < order.size(); ++i) {
    if (!page.looks_at(key, order.key(i))) {
      return {};
    }
    const auto user = lookup.user(order.id(i));
    auto added = user.has_value() ? add_if_wanted(lookup, wanted, *user, page)
                                  : Result<void>{std::unexpected{user.error()}};
    if (!added.has_value()) {
      return added;
    }
  }
  return {};
}

Result<void> find_people_in(const ApiServices& services,
                            const ApiRequest& request,
                            const DirectoryLookup& lookup,
                            const Wanted& wanted,
                            ListPage& page) {
  if (query_value(request, "order").empty()) {
    return find_people(lookup, wanted, page);
  }
  const auto order = services.name_orders->of(lookup.place().key(), lookup.view());
  if (!order.has_value()) {
    return std::unexpected{order.error()};
  }
  return find_people_by_name(**order, lookup, wanted, page);
}

ApiResult list_people(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kShown);
  auto cursor = cursor_of(request);
  if (!limit.has_value() || !cursor.has_value()) {
    return std::unexpected{limit.has_value() ? cursor.error() : limit.error()};
  }
  if (const auto order = query_value(request, "order"); !order.empty() && order != "name") {
    return refuse_request("'order' can be name; without it people come in no order");
  }
  const auto places = directories_named(services, request, query_value(request, "directory"));
  if (!places.has_value()) {
    return refuse(places.error());
  }
  const auto lookups = open_lookups(services, *places);
  if (!lookups.has_value()) {
    return refuse(lookups.error());
  }
  const std::string_view address = query_value(request, "address");
  const Wanted wanted{.text = folded_name(query_value(request, "search")),
                      .address = policy::canonical_address(address),
                      .id = std::string{address}};
  ListPage page{*limit,
                *std::move(cursor),
                query_value(request, "order").empty() ? ListPage::kMostLookedAt : kMostByName};
  for (const DirectoryLookup& lookup : *lookups) {
    if (page.is_past(lookup.place().key())) {
      continue;
    }
    auto found = find_people_in(services, request, lookup, wanted, page);
    if (!found.has_value()) {
      return refuse(found.error());
    }
  }
  return page.finish("people");
}

Result<json::array> groups_of(const DirectoryLookup& lookup, const StoredUser& user) {
  const auto closed = lookup.closed_groups(user.id);
  if (!closed.has_value()) {
    return std::unexpected{closed.error()};
  }
  json::array groups;
  for (std::size_t i = 0; i < closed->groups.size(); ++i) {
    groups.emplace_back(json::object{{"id", closed->groups[i]->id},
                                     {"name", closed->groups[i]->name},
                                     {"direct", i < closed->direct}});
  }
  return groups;
}

ApiResult show_person(const ApiServices& services, const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  const auto lookup = DirectoryLookup::open(services, *place);
  if (!lookup.has_value()) {
    return refuse(lookup.error());
  }
  const auto user = lookup->user(request.captures.at(2));
  if (!user.has_value()) {
    return refuse(user.error());
  }
  const auto standing = lookup->standing(*user);
  auto groups = groups_of(*lookup, *user);
  if (!standing.has_value() || !groups.has_value()) {
    return refuse(standing.has_value() ? groups.error() : standing.error());
  }
  json::object object = summary(*lookup, *user, *standing);
  const SecondaryEmails secondary = lookup->secondary_emails(*user);
  object["given_name"] = user->given_name;
  object["surname"] = user->surname;
  object["user_principal_name"] = user->user_principal_name;
  object["user_type"] = user->user_type;
  object["addresses"] = to_json(lookup->addresses(*user));
  object["groups"] = *std::move(groups);
  object["secondary_emails"] =
      json::object{{"declared", to_json(secondary.declared)}, {"added", to_json(secondary.added)}};
  object["suggestions"] = to_json(user->other_mails);
  return answer(json::serialize(object));
}

}  // namespace

std::vector<Route> people_routes() {
  return {{Access::kRead,
           "GET",
           "people",
           &list_people,
           {"search", "address", "directory", "order", "limit", "after"}},
          {Access::kRead, "GET", "people/{}/{}/{}", &show_person}};
}

}  // namespace directory
