// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/paging.h"
#include "directory/api/routes.h"
#include "directory/api/standing_json.h"
#include "directory/people/protection.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

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
constexpr std::size_t kMembersShown = 200;

Result<json::object> described(const DirectoryLookup& lookup, const StoredGroup& group) {
  auto protection = group_protection(lookup, group);
  if (!protection.has_value()) {
    return std::unexpected{std::move(protection).error()};
  }
  const DirectoryKey key = lookup.place().key();
  return json::object{{"organization", key.organization},
                      {"directory", key.directory},
                      {"id", group.id},
                      {"name", group.display_name},
                      {"mail", group.mail},
                      {"protection", *std::move(protection)}};
}

// What groups are asked for.
struct Wanted {
  std::string text;  // folded; part of the name or the address
  std::string name;  // folded; the whole name
  std::string id;    // or this

  [[nodiscard]] bool fits(const StoredGroup& group) const {
    const std::string folded = folded_name(group.display_name);
    if (!id.empty()) {
      return folded == name || group.id == id;
    }
    return text.empty() || folded.find(text) != std::string::npos ||
           folded_name(group.mail).find(text) != std::string::npos;
  }
};

// Adds the groups of one directory.
Result<void> find_groups(const DirectoryLookup& lookup, const Wanted& wanted, ListPage& page) {
  const DirectoryKey key = lookup.place().key();
  const auto take = [&](const StoredGroup& group) -> Result<bool> {
    if (!page.looks_at(key, group.id)) {
      return false;
    }
    if (!wanted.fits(group)) {
      return true;
    }
    auto object = described(lookup, group);
    if (!object.has_value()) {
      return std::unexpected{std::move(object).error()};
    }
    page.add(*std::move(object));
    return true;
  };
  return lookup.view().for_each_group(take, page.begin_after());
}

ApiResult list_groups(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kShown);
  auto cursor = cursor_of(request);
  if (!limit.has_value() || !cursor.has_value()) {
    return std::unexpected{limit.has_value() ? cursor.error() : limit.error()};
  }
  const auto places = directories_named(services, request, query_value(request, "directory"));
  if (!places.has_value()) {
    return refuse(places.error());
  }
  const auto lookups = open_lookups(services, *places);
  if (!lookups.has_value()) {
    return refuse(lookups.error());
  }
  const std::string_view name = query_value(request, "name");
  const Wanted wanted{.text = folded_name(query_value(request, "search")),
                      .name = folded_name(name),
                      .id = std::string{name}};
  ListPage page{*limit, *std::move(cursor)};
  for (const DirectoryLookup& lookup : *lookups) {
    if (page.is_past(lookup.place().key())) {
      continue;
    }
    if (auto found = find_groups(lookup, wanted, page); !found.has_value()) {
      return refuse(found.error());
    }
  }
  return page.finish("groups");
}

Result<json::object> person_json(const DirectoryLookup& lookup, const std::string& id) {
  const auto user = lookup.view().user(id);
  if (!user.has_value()) {
    return std::unexpected{user.error()};
  }
  const StoredUser known = user->value_or(StoredUser{});
  const auto standing = lookup.standing(known);
  if (!standing.has_value()) {
    return std::unexpected{standing.error()};
  }
  return json::object{{"id", id},
                      {"kind", "person"},
                      {"name", known.display_name},
                      {"mail", known.mail},
                      {"protection", to_json(*standing)}};
}

Result<json::object> group_json(const DirectoryLookup& lookup, const std::string& id) {
  const auto group = lookup.view().group(id);
  if (!group.has_value()) {
    return std::unexpected{group.error()};
  }
  const StoredGroup known = group->value_or(StoredGroup{});
  auto protection = group_protection(lookup, known);
  if (!protection.has_value()) {
    return std::unexpected{std::move(protection).error()};
  }
  return json::object{{"id", id},
                      {"kind", "group"},
                      {"name", known.display_name},
                      {"mail", known.mail},
                      {"protection", *std::move(protection)}};
}

Result<json::object> member_json(const DirectoryLookup& lookup,
                                 const std::string& id,
                                 StoredMemberKind kind) {
  if (kind == StoredMemberKind::kUser) {
    return person_json(lookup, id);
  }
  if (kind == StoredMemberKind::kGroup) {
    return group_json(lookup, id);
  }
  return json::object{{"id", id}, {"kind", "other"}, {"name", ""}, {"mail", ""}};
}

// One page of the direct members, after the one with the id `after`.
Result<void> add_members(const DirectoryLookup& lookup,
                         const std::string& group,
                         std::string_view after,
                         std::size_t limit,
                         json::object& object) {
  json::array members;
  std::string last;
  bool more = false;
  const auto take = [&](const std::string& id, StoredMemberKind kind) -> Result<bool> {
    if (!after.empty() && id <= after) {
      return true;
    }
    if (members.size() == limit) {
      more = true;
      return false;
    }
    auto member = member_json(lookup, id, kind);
    if (!member.has_value()) {
      return std::unexpected{std::move(member).error()};
    }
    members.emplace_back(*std::move(member));
    last = id;
    return true;
  };
  if (auto visited = lookup.view().for_each_member(group, take); !visited.has_value()) {
    return std::unexpected{std::move(visited).error()};
  }
  object["members"] = std::move(members);
  object["next"] = more ? json::value(last) : json::value(nullptr);
  return {};
}

struct Group {
  DirectoryLookup lookup;
  StoredGroup group;
};

std::expected<Group, Problem> requested_group(const ApiServices& services,
                                              const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  auto lookup = DirectoryLookup::open(services, *place);
  if (!lookup.has_value()) {
    return refuse(lookup.error());
  }
  auto group = lookup->group(request.captures.at(2));
  if (!group.has_value()) {
    return refuse(group.error());
  }
  return Group{.lookup = *std::move(lookup), .group = *std::move(group)};
}

ApiResult show_group(const ApiServices& services, const ApiRequest& request) {
  const auto found = requested_group(services, request);
  if (!found.has_value()) {
    return std::unexpected{found.error()};
  }
  const auto object = described(found->lookup, found->group);
  return object.has_value() ? ApiResult{answer(json::serialize(*object))} : refuse(object.error());
}

ApiResult list_members(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kMembersShown);
  if (!limit.has_value()) {
    return std::unexpected{limit.error()};
  }
  const auto found = requested_group(services, request);
  if (!found.has_value()) {
    return std::unexpected{found.error()};
  }
  json::object object;
  const std::string_view after = query_value(request, "after");
  auto added = add_members(found->lookup, found->group.id, after, *limit, object);
  return added.has_value() ? ApiResult{answer(json::serialize(object))} : refuse(added.error());
}

}  // namespace

std::vector<Route> group_routes() {
  return {{Access::kRead,
           "GET",
           "groups",
           &list_groups,
           {"search", "name", "directory", "limit", "after"}},
          {Access::kRead, "GET", "groups/{}/{}/{}", &show_group},
          {Access::kRead, "GET", "groups/{}/{}/{}/members", &list_members, {"after", "limit"}}};
}

}  // namespace directory
