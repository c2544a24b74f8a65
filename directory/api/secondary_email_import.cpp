// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/address_owners.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/given_address.h"
#include "directory/api/lookup.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <expected>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// One entry of an import: an address for the person who has another one.
struct Entry {
  std::string person;  // canonical
  GivenAddress given;
};

std::expected<std::vector<Entry>, Problem> read_entries(const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  std::vector<Entry> entries;
  fields->require("entries");
  fields->for_each_object("entries", [&](RequestFields& item) {
    item.require("person");
    item.require("address");
    Entry entry;
    entry.person = policy::canonical_address(item.text("person").value_or(""));
    entry.given.text = item.text("address").value_or("");
    entry.given.line = entries.size() + 1;
    entry.given.pointer = "/entries/" + std::to_string(entries.size()) + "/address";
    entries.push_back(std::move(entry));
  });
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  for (Entry& entry : entries) {
    if (auto checked = check_address(entry.given); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  return entries;
}

std::expected<AddressOwner, Problem> person_of(const Entry& entry, const AddressOwners& owners) {
  const auto [first, last] = owners.equal_range(entry.person);
  const std::string pointer = "/entries/" + std::to_string(entry.given.line - 1) + "/person";
  const std::string line = "line " + std::to_string(entry.given.line) + ": ";
  if (first == last) {
    return refuse_with(404, "not_found", line + "nobody has the address " + entry.person, pointer);
  }
  if (std::next(first) != last) {
    return refuse_with(409,
                       "conflict",
                       line + "several people have the address " + entry.person +
                           "; use another one of the person",
                       pointer);
  }
  return first->second;
}

using Changes = std::map<std::pair<std::size_t, std::string>, std::set<std::string, std::less<>>>;

// Who has the addresses that the entries speak of.
policy::Result<AddressOwners> owners_of(const std::vector<Entry>& entries,
                                        const std::vector<DirectoryLookup>& lookups) {
  std::set<std::string, std::less<>> wanted;
  for (const Entry& entry : entries) {
    wanted.insert(entry.person);
    wanted.insert(entry.given.canonical);
  }
  return find_owners(lookups, wanted);
}

// Everything is checked before anything is changed.
std::expected<Changes, Problem> checked_changes(const std::vector<Entry>& entries,
                                                const std::vector<DirectoryLookup>& lookups) {
  auto owners = owners_of(entries, lookups);
  if (!owners.has_value()) {
    return refuse(owners.error());
  }
  Changes changes;
  for (const Entry& entry : entries) {
    const auto person = person_of(entry, *owners);
    if (!person.has_value()) {
      return std::unexpected{person.error()};
    }
    auto checked = check_owner(entry.given, *owners, *person, lookups);
    if (!checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
    // From here on the address is taken, for the entries that follow too.
    if (!owners->contains(entry.given.canonical)) {
      owners->emplace(entry.given.canonical, *person);
    }
    changes[{person->lookup, person->id}].insert(entry.given.canonical);
  }
  return changes;
}

ApiResult import_emails(const ApiServices& services, const ApiRequest& request) {
  const auto entries = read_entries(request);
  if (!entries.has_value()) {
    return std::unexpected{entries.error()};
  }
  const auto places = directories_named(services, request, "");
  const auto lookups = open_lookups(services, places.value_or(std::vector<DirectoryPlace>{}));
  if (!lookups.has_value()) {
    return refuse(lookups.error());
  }
  auto changes = checked_changes(*entries, *lookups);
  if (!changes.has_value()) {
    return std::unexpected{std::move(changes).error()};
  }
  for (auto& [person, addresses] : *changes) {
    const DirectoryLookup& lookup = (*lookups)[person.first];
    const auto user = lookup.user(person.second);
    if (!user.has_value()) {
      return refuse(user.error());
    }
    const SecondaryEmails before = lookup.secondary_emails(*user);
    addresses.insert(before.added.begin(), before.added.end());
    const auto record = made_record(lookup, *user, addresses);
    auto put = services.records->put_secondary_emails(record, request.actor);
    if (!put.has_value()) {
      return refuse(put.error());
    }
  }
  services.control->configuration_changed();
  return answer(
      json::serialize(json::object{{"people", changes->size()}, {"addresses", entries->size()}}));
}

}  // namespace

std::vector<Route> secondary_email_import_routes() {
  return {{Access::kOperate, "POST", "secondary-emails/import", &import_emails}};
}

}  // namespace directory
