// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/address_owners.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/given_address.h"
#include "directory/api/lookup.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<std::string>& texts) {
  json::array array(texts.begin(), texts.end());
  return array;
}

// Lookups of all directories of the organization: an address belongs to one of its people.
policy::Result<std::vector<DirectoryLookup>> organization_lookups(
    const ApiServices& services, const OrganizationSettings& organization) {
  std::vector<DirectoryPlace> places;
  places.reserve(organization.directories.size());
  for (const DirectorySettings& directory : organization.directories) {
    places.push_back({.organization = &organization, .directory = &directory});
  }
  return open_lookups(services, places);
}

struct Person {
  std::vector<DirectoryLookup> lookups;  // of the organization
  std::size_t own = 0;                   // which of them has the person
  StoredUser user;
};

std::expected<Person, Problem> requested_person(const ApiServices& services,
                                                const ApiRequest& request) {
  const auto place = requested_directory(services, request);
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

std::expected<std::vector<GivenAddress>, Problem> read_addresses(const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  fields->require("addresses");
  const auto texts = fields->texts("addresses").value_or(std::vector<std::string>{});
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  std::vector<GivenAddress> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    GivenAddress given{.text = texts[i],
                       .canonical = {},
                       .pointer = "/addresses/" + std::to_string(i),
                       .line = i + 1};
    if (auto checked = check_address(given); !checked.has_value()) {
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
  for (const GivenAddress& each : *given) {
    addresses.insert(each.canonical);
  }
  const auto owners = find_owners(person->lookups, addresses);
  if (!owners.has_value()) {
    return refuse(owners.error());
  }
  const AddressOwner self{
      .lookup = person->own, .id = person->user.id, .name = person->user.display_name};
  for (const GivenAddress& each : *given) {
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
  const auto declared = own.secondary_emails(person->user).declared;
  services.control->configuration_changed();
  return answer(json::serialize(emails_json(declared, record.addresses)));
}

ApiResult list_emails(const ApiServices& services, const ApiRequest& request) {
  const auto additions = Additions::read(*services.records);
  if (!additions.has_value()) {
    return refuse(additions.error());
  }
  json::array people;
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    for (const auto& [email, addresses] : organization->secondary_emails) {
      people.emplace_back(json::object{{"organization", organization->name},
                                       {"email", email},
                                       {"addresses", to_json(addresses)},
                                       {"declared", true}});
    }
  }
  for (const AddedSecondaryEmails& added : additions->all_secondary_emails()) {
    if (!request.principal.may_see(added.organization)) {
      continue;
    }
    people.emplace_back(json::object{{"organization", added.organization},
                                     {"directory", added.directory},
                                     {"id", added.id},
                                     {"email", added.email},
                                     {"addresses", to_json(added.addresses)},
                                     {"declared", false}});
  }
  return answer(json::serialize(json::object{{"people", std::move(people)}}));
}

}  // namespace

std::vector<Route> secondary_email_routes() {
  return {{Access::kRead, "GET", "people/{}/{}/{}/secondary-emails", &show_emails},
          edits({Access::kOperate, "PUT", "people/{}/{}/{}/secondary-emails", &put_emails}),
          {Access::kRead, "GET", "secondary-emails", &list_emails}};
}

}  // namespace directory
