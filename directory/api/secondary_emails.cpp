// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/address_owners.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using Owners = std::multimap<std::string, AddressOwner, std::less<>>;

json::array to_json(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

// An address to give to a person, and where it stands in the request.
struct Given {
  std::string text;       // as it came
  std::string canonical;  // once checked
  std::string pointer;
  std::size_t line = 0;  // from 1
};

std::expected<void, Problem> check(Given& given) {
  auto parsed = policy::parse_configured_address(given.text);
  if (!parsed.has_value()) {
    return refuse_request("line " + std::to_string(given.line) + ": " + parsed.error().message,
                          given.pointer);
  }
  given.canonical = *std::move(parsed);
  return {};
}

// Refuses an address that is somebody else's: mail from it would be taken for that person's.
std::expected<void, Problem> check_owner(const Given& given,
                                         const Owners& owners,
                                         const AddressOwner& person,
                                         const std::vector<DirectoryLookup>& lookups) {
  const auto [first, last] = owners.equal_range(given.canonical);
  for (auto entry = first; entry != last; ++entry) {
    const AddressOwner& owner = entry->second;
    if (owner == person) {
      continue;
    }
    const DirectoryKey key = lookups[owner.lookup].place().key();
    return std::unexpected{Problem{.status = 409,
                                   .code = "conflict",
                                   .detail = "line " + std::to_string(given.line) + ": " +
                                             given.canonical + " is an address of " + owner.name +
                                             " in " + key.organization + "/" + key.directory +
                                             "; it cannot be somebody else's too",
                                   .pointer = given.pointer}};
  }
  return {};
}

// Lookups of all directories of the organization: an address belongs to one of its people.
policy::Result<std::vector<DirectoryLookup>> organization_lookups(
    const ApiServices& services, const OrganizationSettings& organization) {
  std::vector<DirectoryPlace> places;
  for (const DirectorySettings& directory : organization.directories) {
    places.push_back({.organization = &organization, .directory = &directory});
  }
  return open_lookups(services, places);
}

// The record with these addresses, without those that directory.yaml declares or the directory has.
AddedSecondaryEmails made_record(const DirectoryLookup& lookup,
                                 const StoredUser& user,
                                 const std::set<std::string, std::less<>>& addresses) {
  const auto own = lookup.addresses(user);
  const auto declared = lookup.secondary_emails(user).declared;
  const DirectoryKey key = lookup.place().key();
  AddedSecondaryEmails record{.organization = key.organization,
                              .directory = key.directory,
                              .id = user.id,
                              .email = own.empty() ? user.user_principal_name : own.front(),
                              .addresses = {}};
  for (const std::string& address : addresses) {
    const bool is_known = std::ranges::find(own, address) != own.end() ||
                          std::ranges::find(declared, address) != declared.end();
    if (!is_known) {
      record.addresses.push_back(address);
    }
  }
  return record;
}

struct Person {
  std::vector<DirectoryLookup> lookups;  // of the organization
  std::size_t own = 0;                   // which of them has the person
  StoredUser user;
};

std::expected<Person, Problem> requested_person(const ApiServices& services,
                                                const ApiRequest& request) {
  const auto place =
      find_directory(*services.control, {request.captures.at(0), request.captures.at(1)});
  if (!place.has_value()) {
    return refuse(place.error());
  }
  auto lookups = organization_lookups(services, *place->organization);
  if (!lookups.has_value()) {
    return refuse(lookups.error());
  }
  Person person{.lookups = *std::move(lookups), .own = 0, .user = {}};
  while (person.lookups[person.own].place().directory != place->directory) {
    ++person.own;
  }
  auto user = person.lookups[person.own].user(request.captures.at(2));
  if (!user.has_value()) {
    return refuse(user.error());
  }
  person.user = *std::move(user);
  return person;
}

json::object emails_json(const std::vector<std::string>& declared,
                         const std::vector<std::string>& added) {
  return {{"declared", to_json(declared)}, {"added", to_json(added)}};
}

ApiResult show_emails(const ApiServices& services, const ApiRequest& request) {
  const auto person = requested_person(services, request);
  if (!person.has_value()) {
    return std::unexpected{person.error()};
  }
  const SecondaryEmails emails = person->lookups[person->own].secondary_emails(person->user);
  return answer(json::serialize(emails_json(emails.declared, emails.added)));
}

std::expected<std::vector<Given>, Problem> read_addresses(const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  fields->require("addresses");
  const auto texts = fields->texts("addresses").value_or(std::vector<std::string>{});
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  std::vector<Given> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Given given{.text = texts[i],
                .canonical = {},
                .pointer = "/addresses/" + std::to_string(i),
                .line = i + 1};
    if (auto checked = check(given); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
    all.push_back(std::move(given));
  }
  return all;
}

ApiResult put_emails(const ApiServices& services, const ApiRequest& request) {
  const auto given = read_addresses(request);
  if (!given.has_value()) {
    return std::unexpected{given.error()};
  }
  const auto person = requested_person(services, request);
  if (!person.has_value()) {
    return std::unexpected{person.error()};
  }
  std::set<std::string, std::less<>> addresses;
  for (const Given& each : *given) {
    addresses.insert(each.canonical);
  }
  const auto owners = find_owners(person->lookups, addresses);
  if (!owners.has_value()) {
    return refuse(owners.error());
  }
  const AddressOwner self{
      .lookup = person->own, .id = person->user.id, .name = person->user.display_name};
  for (const Given& each : *given) {
    auto checked = check_owner(each, *owners, self, person->lookups);
    if (!checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  const DirectoryLookup& own = person->lookups[person->own];
  const AddedSecondaryEmails record = made_record(own, person->user, addresses);
  if (auto put = services.records->put_secondary_emails(record, request.actor); !put.has_value()) {
    return refuse(put.error());
  }
  services.control->configuration_changed();
  const auto declared = own.secondary_emails(person->user).declared;
  return answer(json::serialize(emails_json(declared, record.addresses)));
}

ApiResult list_emails(const ApiServices& services, const ApiRequest& request) {
  static_cast<void>(request);
  const auto additions = Additions::read(*services.records);
  if (!additions.has_value()) {
    return refuse(additions.error());
  }
  json::array people;
  for (const OrganizationSettings& organization : services.settings->organizations) {
    for (const auto& [email, addresses] : organization.secondary_emails) {
      people.emplace_back(json::object{{"organization", organization.name},
                                       {"email", email},
                                       {"addresses", to_json(addresses)},
                                       {"declared", true}});
    }
  }
  for (const AddedSecondaryEmails& added : additions->all_secondary_emails()) {
    people.emplace_back(json::object{{"organization", added.organization},
                                     {"directory", added.directory},
                                     {"id", added.id},
                                     {"email", added.email},
                                     {"addresses", to_json(added.addresses)},
                                     {"declared", false}});
  }
  return answer(json::serialize(json::object{{"people", std::move(people)}}));
}

// One entry of an import: an address for the person who has another one.
struct Entry {
  std::string person;  // canonical
  Given given;
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
    if (auto checked = check(entry.given); !checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  return entries;
}

std::expected<AddressOwner, Problem> person_of(const Entry& entry, const Owners& owners) {
  const auto [first, last] = owners.equal_range(entry.person);
  const std::string pointer = "/entries/" + std::to_string(entry.given.line - 1) + "/person";
  const std::string line = "line " + std::to_string(entry.given.line) + ": ";
  if (first == last) {
    return std::unexpected{Problem{.status = 404,
                                   .code = "not_found",
                                   .detail = line + "nobody has the address " + entry.person,
                                   .pointer = pointer}};
  }
  if (std::next(first) != last) {
    return std::unexpected{Problem{.status = 409,
                                   .code = "conflict",
                                   .detail = line + "several people have the address " +
                                             entry.person + "; use another one of the person",
                                   .pointer = pointer}};
  }
  return first->second;
}

using Changes = std::map<std::pair<std::size_t, std::string>, std::set<std::string, std::less<>>>;

// Everything is checked before anything is changed.
std::expected<Changes, Problem> checked_changes(const std::vector<Entry>& entries,
                                                const std::vector<DirectoryLookup>& lookups) {
  std::set<std::string, std::less<>> wanted;
  for (const Entry& entry : entries) {
    wanted.insert(entry.person);
    wanted.insert(entry.given.canonical);
  }
  const auto owners = find_owners(lookups, wanted);
  if (!owners.has_value()) {
    return refuse(owners.error());
  }
  Changes changes;
  std::map<std::string, AddressOwner> taken;
  for (const Entry& entry : entries) {
    const auto person = person_of(entry, *owners);
    if (!person.has_value()) {
      return std::unexpected{person.error()};
    }
    const auto [other, is_new] = taken.emplace(entry.given.canonical, *person);
    const Owners within{{entry.given.canonical, other->second}};
    for (const Owners* known : {&*owners, &within}) {
      auto checked = check_owner(entry.given, *known, *person, lookups);
      if (!checked.has_value()) {
        return std::unexpected{std::move(checked).error()};
      }
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
  const auto places = directories_named(*services.control, "");
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

std::vector<Route> secondary_email_routes() {
  return {{"GET", "people/{}/{}/{}/secondary-emails", &show_emails, {}},
          {"PUT", "people/{}/{}/{}/secondary-emails", &put_emails, {}},
          {"GET", "secondary-emails", &list_emails, {}},
          {"POST", "secondary-emails/import", &import_emails, {}}};
}

}  // namespace directory
