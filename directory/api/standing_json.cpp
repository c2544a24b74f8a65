// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/standing_json.h"

#include "directory/api/lookup.h"
#include "directory/people/group_memory.h"
#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <expected>
#include <utility>

namespace directory {
namespace {

namespace json = boost::json;
using policy::Result;

// The groups around this one that are protected, and it with them.
Result<json::array> protecting_groups(const DirectoryLookup& lookup, const StoredGroup& group) {
  const auto closed = lookup.closed_groups(group.id);
  if (!closed.has_value()) {
    return std::unexpected{closed.error()};
  }
  json::array via;
  for (const KnownGroup* around : closed->groups) {
    const GroupStanding standing = lookup.standing(*around);
    if (standing.is_protected() && around->id != group.id) {
      via.emplace_back(to_json(standing));
    }
  }
  return via;
}

}  // namespace

json::object to_json(const GroupStanding& standing) {
  return {{"id", standing.id},
          {"name", standing.name},
          {"declared", standing.is_declared},
          {"added", standing.is_added}};
}

json::object to_json(const PersonStanding& standing) {
  json::array via;
  for (const GroupStanding& group : standing.via) {
    via.emplace_back(to_json(group));
  }
  return {{"protected", standing.is_protected()},
          {"direct", standing.is_direct()},
          {"declared", standing.is_declared},
          {"added", standing.is_added},
          {"role_mailbox", standing.role_mailbox},
          {"via", std::move(via)}};
}

Result<json::object> group_protection(const DirectoryLookup& lookup, const StoredGroup& group) {
  auto via = protecting_groups(lookup, group);
  if (!via.has_value()) {
    return std::unexpected{std::move(via).error()};
  }
  const GroupStanding standing = lookup.standing(group);
  const bool is_protected = standing.is_protected() || !via->empty();
  return json::object{{"protected", is_protected},
                      {"declared", standing.is_declared},
                      {"added", standing.is_added},
                      {"via", *std::move(via)}};
}

}  // namespace directory
