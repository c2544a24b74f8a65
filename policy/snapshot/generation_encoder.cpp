// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/generation_encoder.h"

#include "policy/digest.h"
#include "policy/mail_address.h"
#include "policy/name/near_name.h"
#include "policy/name/protected_name.h"
#include "policy/name/visible_text.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/octets.h"
#include "policy/snapshot/posting_sorter.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/sentinel.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

// Far beyond any address that mail can carry (RFC 5321 section 4.5.3.1).
constexpr std::size_t kMaximumAddressOctets = 4096;

// Ends a bucket in the keys by which spellings are sorted; no token has it.
constexpr char kBucketEnd = '\0';

std::unexpected<Error> refuse(std::string_view whom, std::string_view name, std::string_view why) {
  return fail(ErrorCode::kInvalidInput,
              std::string{whom} + " '" + visible_text(name) + "' " + std::string{why});
}

void add_to_digest(Sha256& digest, std::string_view record) {
  std::string framed;
  put_text(framed, record);
  digest.update(framed);
}

}  // namespace

Result<void> GenerationEncoder::add_organization(const Organization& organization) {
  const auto number = static_cast<OrganizationNumber>(organizations_.size());
  if (counts_.people > 0) {
    return refuse("organization", organization.name, "comes after the first person");
  }
  if (std::ranges::find(organizations_, organization.name, &Organization::name) !=
      organizations_.end()) {
    return refuse("organization", organization.name, "is there twice");
  }
  for (const std::string& domain : organization.domains) {
    if (domain.empty() || canonical_domain(domain) != domain) {
      return refuse("domain", domain, "is not in canonical form");
    }
    if (!domains_.emplace(domain, number).second) {
      return refuse("domain", domain, "belongs to two organizations");
    }
  }
  organizations_.push_back(organization);
  people_of_organizations_.push_back(0);
  const std::string value = encode_organization(organization);
  add_to_digest(content_, value);
  return put(RecordKind::kOrganization, organization_record_key(number), value);
}

Result<void> GenerationEncoder::check(const Person& person) const {
  if (person.organization >= organizations_.size() ||
      person.organization + 1 < first_people_.size()) {
    return refuse("person", person.name, "is out of the order of organizations");
  }
  const Organization& organization = organizations_[person.organization];
  if (person.directory >= organization.directories.size()) {
    return refuse("person", person.name, "is of a directory that the organization does not have");
  }
  if (std::ranges::adjacent_find(person.groups, std::ranges::greater_equal{}) !=
          person.groups.end() ||
      (!person.groups.empty() && person.groups.back() >= organization.groups.size())) {
    return refuse("person", person.name, "is in a group that the organization does not have");
  }
  if (person.name.empty()) {
    return refuse("person", person.id, "has no name");
  }
  for (const std::string& address : person.addresses) {
    if (address.empty() || address.size() > kMaximumAddressOctets) {
      return refuse("person", person.name, "has an address that is empty or over 4096 octets");
    }
  }
  return {};
}

Result<void> GenerationEncoder::add_person(const Person& person) {
  if (auto checked = check(person); !checked.has_value()) {
    return checked;
  }
  const auto number = static_cast<PersonNumber>(counts_.people);
  first_people_.resize(person.organization + std::size_t{1}, number);
  ++people_of_organizations_[person.organization];

  add_names(person, number);
  for (const std::string& address : person.addresses) {
    addresses_.add(address, number);
  }
  const std::string value = encode_person(person);
  add_to_digest(content_, value);
  return put(RecordKind::kPerson, person_record_key(number), value);
}

void GenerationEncoder::add_names(const Person& person, PersonNumber number) {
  const auto add = [&](std::string_view name) {
    for (const std::string& key : protected_name_keys(name, person.role_mailbox)) {
      names_.add(key, number);
    }
  };
  add(person.name);
  std::ranges::for_each(person.other_names, add);
  for (const std::string& key : loose_name_keys(person.full_name)) {
    names_.add(key, number);
  }
  for (const SpellingEntry& entry : spelling_entries(person.full_name)) {
    spellings_.add(entry.bucket + kBucketEnd + entry.token, number);
  }
}

std::string GenerationEncoder::content_digest() {
  add_to_digest(content_, std::to_string(kSnapshotSchemaVersion));
  add_to_digest(content_, name_key_version());
  return content_.hex();
}

Result<void> GenerationEncoder::finish() {
  if (auto put_all = put_postings(RecordKind::kAddress, addresses_); !put_all.has_value()) {
    return put_all;
  }
  if (auto put_all = put_postings(RecordKind::kName, names_); !put_all.has_value()) {
    return put_all;
  }
  return put_spellings();
}

Result<void> GenerationEncoder::put_spellings() {
  std::string open;
  std::vector<SpelledToken> tokens;
  const auto close = [&]() -> Result<void> {
    return tokens.empty()
               ? Result<void>{}
               : put(RecordKind::kSpelling, spelling_record_key(open), encode_spellings(tokens));
  };
  auto visited = spellings_.visit_sorted(
      [&](std::string_view key, std::span<const PersonNumber> people) -> Result<void> {
        const std::size_t end = key.rfind(kBucketEnd);
        Result<void> closed;
        if (key.substr(0, end) != open) {
          closed = close();
          open = key.substr(0, end);
          tokens.clear();
        }
        tokens.push_back({.token = std::string{key.substr(end + 1)}, .people = references(people)});
        return closed;
      });
  return visited.has_value() ? close() : visited;
}

Result<void> GenerationEncoder::put_postings(RecordKind kind, PostingSorter& postings) {
  return postings.visit_sorted([&](std::string_view key, std::span<const PersonNumber> people) {
    const std::string record_key =
        kind == RecordKind::kName ? name_record_key(key) : address_record_key(key);
    return put(kind, record_key, encode_postings(references(people)));
  });
}

std::vector<PersonRef> GenerationEncoder::references(std::span<const PersonNumber> people) const {
  std::vector<PersonRef> refs;
  refs.reserve(people.size());
  for (const PersonNumber person : people) {
    refs.push_back({.organization = organization_of(person), .person = person});
  }
  return refs;
}

OrganizationNumber GenerationEncoder::organization_of(PersonNumber person) const {
  // Organizations without people share the first person of the next one: the last of them has it.
  const auto next = std::ranges::upper_bound(first_people_, person);
  return static_cast<OrganizationNumber>(std::distance(first_people_.begin(), next) - 1);
}

Result<void> GenerationEncoder::put(RecordKind kind, std::string_view key, std::string_view value) {
  if (value.size() > kMaximumRecordOctets) {
    return fail(ErrorCode::kInvalidInput,
                "a record would be over 64 MiB: too many people share one name or address, or one "
                "organization has too many groups");
  }
  ++counts_.of(kind);
  sentinels_[kind].offer(key, value);
  return sink_->put(kind, key, value);
}

std::vector<Sentinel> GenerationEncoder::take_sentinels() {
  std::vector<Sentinel> all;
  for (auto& [kind, picker] : sentinels_) {
    std::ranges::move(picker.take(), std::back_inserter(all));
  }
  return all;
}

}  // namespace policy
