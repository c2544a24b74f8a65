// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/filter.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_json_list.h"
#include "tests/support/microsoft/list_pages.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/selection.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

// What a list tells of an object of either kind.
struct Projection {
  Selection user;
  Selection group;
  bool is_mixed = false;     // tells the type of each
  bool hides_users = false;  // tells no more than the id of users

  [[nodiscard]] const Selection& of(ObjectKind kind) const {
    return kind == ObjectKind::kUser ? user : group;
  }
};

json::object told(const GraphCall& call, const Projection& projection, ObjectRef ref) {
  const DirectoryObject& object = call.site->tenant.directory.object(ref);
  const bool is_user = ref.kind == ObjectKind::kUser;
  json::object properties;
  if (projection.is_mixed) {
    properties["@odata.type"] = is_user ? "#microsoft.graph.user" : "#microsoft.graph.group";
  }
  if (projection.hides_users && is_user) {
    properties["id"] = object.id;
    return properties;
  }
  for (auto& property : all_properties(object, projection.of(ref.kind))) {
    properties.insert_or_assign(property.key(), std::move(property.value()));
  }
  return properties;
}

// The query of later pages: what was asked for, and where to go on.
std::string next_link(const GraphCall& call, const std::string& token) {
  std::string link = url_of(call) + '?';
  for (const auto& [name, value] : call.query.all()) {
    if (name != "$skiptoken") {
      link += name + '=' + percent_encoded(value) + '&';
    }
  }
  return link + "$skiptoken=" + token;
}

// What all pages of one list have in common.
std::string list_key(const GraphCall& call) {
  std::string key = call.request->path;
  for (const auto& [name, value] : call.query.all()) {
    if (name != "$skiptoken") {
      key.append("\n").append(name).append("=").append(value);
    }
  }
  return key;
}

struct Listing {
  std::string context;
  Projection projection;
  std::vector<ObjectRef> all;
};

Response answer_page(const GraphCall& call, Listing listing) {
  const auto top = read_top(call);
  if (!top.has_value()) {
    return top.error();
  }
  ListPages& pages = call.site->pages;
  const auto token = call.query.find("$skiptoken");
  json::object body;
  body["@odata.context"] = context_of(call, listing.context);
  if (call.query.find("$count") == "true" && !token.has_value()) {
    body["@odata.count"] = listing.all.size();
  }
  const std::optional<ListPages::Page> page =
      token.has_value() ? pages.follow(*token, list_key(call))
                        : pages.begin(std::move(listing.all), *top, list_key(call));
  if (!page.has_value()) {
    return graph_failure(*call.world,
                         {.status = 400,
                          .code = "Directory_ExpiredPageToken",
                          .message = "The specified page token value is not valid.",
                          .inner_code = {}});
  }
  json::array value;
  for (const ObjectRef ref : page->objects) {
    value.push_back(told(call, listing.projection, ref));
  }
  if (!page->next.empty()) {
    body["@odata.nextLink"] = next_link(call, page->next);
  }
  body["value"] = std::move(value);
  return json_answer(body);
}

bool may_filter_by(ObjectKind kind, const Condition& condition) {
  const std::string& name = condition.property;
  if (name == "displayName") {
    return true;
  }
  const bool is_equality = condition.kind == Condition::Kind::kEquals;
  return (is_equality && (name == "id" || name == "mail")) ||
         (kind == ObjectKind::kUser && name == "userPrincipalName");
}

std::expected<std::vector<ObjectRef>, Response> filtered(const GraphCall& call, ObjectKind kind) {
  std::vector<Condition> conditions;
  if (const auto filter = call.query.find("$filter"); filter.has_value()) {
    auto parsed = parse_filter(*filter);
    if (!parsed.has_value() || !std::ranges::all_of(*parsed, [&](const Condition& condition) {
          return may_filter_by(kind, condition);
        })) {
      return std::unexpected{bad_request(call, "Invalid or unsupported filter clause.")};
    }
    conditions = std::move(*parsed);
  }
  std::vector<ObjectRef> found;
  const auto& objects = call.site->tenant.directory.objects(kind);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const DirectoryObject& object = objects[i];
    const bool is_wanted =
        conditions.empty() || std::ranges::any_of(conditions, [&](const Condition& condition) {
          return condition.holds(text_of(object.properties, condition.property));
        });
    if (object.presence == Presence::kPresent && is_wanted) {
      found.push_back({.kind = kind, .position = i});
    }
  }
  return found;
}

bool asks_for_eventual_count(const GraphCall& call) {
  const auto level = find_field(call.request->headers, "ConsistencyLevel");
  return call.query.find("$count") == "true" && level.has_value() &&
         lower_case(*level) == "eventual";
}

// Members may be users and groups: a property is good if either kind has it.
std::expected<Projection, SelectionRefusal> member_projection(
    const std::optional<std::string>& select) {
  Projection projection;
  projection.is_mixed = true;
  std::optional<std::string> of_users;
  std::optional<std::string> of_groups;
  if (select.has_value()) {
    of_users.emplace();
    of_groups.emplace();
    for (const std::string& name : split_trimmed(*select, ',')) {
      const bool is_users = select_properties(ObjectKind::kUser, name, false).has_value();
      const bool is_groups = select_properties(ObjectKind::kGroup, name, false).has_value();
      if (!is_users && !is_groups) {
        return std::unexpected{SelectionRefusal{.status = 400, .name = name}};
      }
      *of_users += is_users ? name + ',' : "";
      *of_groups += is_groups ? name + ',' : "";
    }
  }
  projection.user = *select_properties(ObjectKind::kUser, of_users, false);
  projection.group = *select_properties(ObjectKind::kGroup, of_groups, false);
  return projection;
}

}  // namespace

Response answer_list(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select", "$filter", "$skiptoken", "$top", "$count"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  if (call.query.find("$count").has_value() && !asks_for_eventual_count(call)) {
    return bad_request(call, "$count needs the header ConsistencyLevel: eventual.");
  }
  const bool is_user = call.path.front() == "users";
  const ObjectKind kind = is_user ? ObjectKind::kUser : ObjectKind::kGroup;
  const auto selection = select_properties(kind, call.query.find("$select"), false);
  if (!selection.has_value()) {
    return selection_failure(call, selection.error());
  }
  auto found = filtered(call, kind);
  if (!found.has_value()) {
    return found.error();
  }
  return answer_page(call,
                     {.context = call.path.front(),
                      .projection = {.user = *selection, .group = *selection},
                      .all = std::move(*found)});
}

Response answer_object(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const Directory& directory = call.site->tenant.directory;
  const bool is_user = call.path.front() == "users";
  const auto selection = select_properties(
      is_user ? ObjectKind::kUser : ObjectKind::kGroup, call.query.find("$select"), false);
  if (!selection.has_value()) {
    return selection_failure(call, selection.error());
  }
  const auto ref = is_user ? directory.find_user(call.path[1])
                           : directory.find(ObjectKind::kGroup, call.path[1]);
  if (!ref.has_value() || directory.object(*ref).presence != Presence::kPresent) {
    return resource_not_found(call, call.path[1]);
  }
  json::object body;
  body["@odata.context"] = context_of(call, call.path.front() + "/$entity");
  for (auto& property : all_properties(directory.object(*ref), *selection)) {
    body.insert_or_assign(property.key(), std::move(property.value()));
  }
  return json_answer(body);
}

Response answer_members(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select", "$skiptoken", "$top", "$count"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const bool is_cast = call.path.size() == 4;
  if ((is_cast || call.query.find("$count").has_value()) && !asks_for_eventual_count(call)) {
    return bad_request(call, "This needs $count=true and the header ConsistencyLevel: eventual.");
  }
  const Directory& directory = call.site->tenant.directory;
  const auto group = directory.find(ObjectKind::kGroup, call.path[1]);
  if (!group.has_value() || directory.object(*group).presence != Presence::kPresent) {
    return resource_not_found(call, call.path[1]);
  }
  auto projection = member_projection(call.query.find("$select"));
  if (!projection.has_value()) {
    return selection_failure(call, projection.error());
  }
  projection->hides_users = !has_role(
      call,
      {"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"});
  auto all =
      call.path[2] == "members" ? directory.members(*group) : directory.transitive_members(*group);
  if (is_cast) {
    projection->is_mixed = false;
    std::erase_if(all, [](ObjectRef ref) { return ref.kind != ObjectKind::kUser; });
  }
  return answer_page(
      call,
      {.context = "directoryObjects", .projection = std::move(*projection), .all = std::move(all)});
}

}  // namespace tests::microsoft
