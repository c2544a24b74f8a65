// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/records.h"

#include "policy/name/full_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/octets.h"

#include <cstdint>
#include <expected>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

// The flags octet of a person.
constexpr std::uint32_t kRoleMailbox = 1;
constexpr std::uint32_t kIdIsPrimaryAddress = 2;
constexpr std::uint32_t kAllFlags = kRoleMailbox | kIdIsPrimaryAddress;

// The greatest index in a list of another record; one more still fits its type.
constexpr std::uint32_t kMaximumIndex = std::numeric_limits<std::uint32_t>::max() - 1;

std::string key(RecordKind kind, std::string_view rest) {
  std::string made;
  made.reserve(rest.size() + 1);
  made += static_cast<char>(kind);
  made += rest;
  return made;
}

std::string key(RecordKind kind, std::uint32_t number) {
  std::string made{static_cast<char>(kind)};
  for (int shift = 24; shift >= 0; shift -= 8) {
    made += static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xffU);
  }
  return made;
}

void put_texts(std::string& out, const std::vector<std::string>& texts) {
  put_varint(out, static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) {
    put_text(out, text);
  }
}

std::vector<std::string> read_texts(OctetReader& reader) {
  const std::uint32_t count = reader.count();
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
    texts.emplace_back(reader.text());
  }
  return texts;
}

// Ascending numbers: the first as it is, then the distance to the one before, less one.
void put_ascending(std::string& out, const std::vector<std::uint32_t>& numbers) {
  put_varint(out, static_cast<std::uint32_t>(numbers.size()));
  std::uint32_t next = 0;
  for (const std::uint32_t number : numbers) {
    put_varint(out, number - next);
    next = number + 1;
  }
}

std::vector<std::uint32_t> read_ascending(OctetReader& reader) {
  const std::uint32_t count = reader.count();
  std::vector<std::uint32_t> numbers;
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
    if (next > kMaximumIndex) {
      reader.fail();
      break;
    }
    const std::uint32_t number = next + reader.varint(kMaximumIndex - next);
    numbers.push_back(number);
    next = number + 1;
  }
  return numbers;
}

void put_refs(std::string& out, std::span<const PersonRef> people) {
  PersonRef before{};
  for (const PersonRef& ref : people) {
    put_varint(out, ref.organization - before.organization);
    put_varint(out, ref.person - before.person);
    before = ref;
  }
}

// One more of a list that ascends.
void read_ref(OctetReader& reader, std::vector<PersonRef>& people) {
  constexpr auto kMaximum = std::numeric_limits<std::uint32_t>::max();
  PersonRef ref = people.empty() ? PersonRef{} : people.back();
  ref.organization += reader.varint(kMaximum - ref.organization);
  const std::uint32_t step = reader.varint(kMaximum - ref.person);
  if (step == 0 && !people.empty()) {
    reader.fail();
  }
  ref.person += step;
  people.push_back(ref);
}

void put_full_name(std::string& out, const FullName& name) {
  put_texts(out, name.tokens);
  if (!name.tokens.empty()) {
    put_varint(out, name.given);
    put_texts(out, name.nicknames);
    put_texts(out, name.transcribed);
  }
}

FullName read_full_name(OctetReader& reader) {
  FullName name;
  name.tokens = read_texts(reader);
  if (!name.tokens.empty()) {
    name.given = reader.varint(static_cast<std::uint32_t>(name.tokens.size() - 1));
    name.nicknames = read_texts(reader);
    name.transcribed = read_texts(reader);
    if (name.given == 0) {
      reader.fail();
    }
  }
  return name;
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kInvalidInput, "the record of " + std::string{what} + " is damaged");
}

}  // namespace

std::uint64_t RecordCounts::of(RecordKind kind) const {
  switch (kind) {
    case RecordKind::kAddress: return addresses;
    case RecordKind::kName: return names;
    case RecordKind::kOrganization: return organizations;
    case RecordKind::kPerson: return people;
    case RecordKind::kSpelling: return spellings;
  }
  return people;
}

std::uint64_t& RecordCounts::of(RecordKind kind) {
  switch (kind) {
    case RecordKind::kAddress: return addresses;
    case RecordKind::kName: return names;
    case RecordKind::kOrganization: return organizations;
    case RecordKind::kPerson: return people;
    case RecordKind::kSpelling: return spellings;
  }
  return people;
}

std::string name_record_key(std::string_view name_key) {
  return key(RecordKind::kName, name_key);
}

std::string address_record_key(std::string_view canonical_address) {
  return key(RecordKind::kAddress, canonical_address);
}

std::string organization_record_key(OrganizationNumber number) {
  return key(RecordKind::kOrganization, number);
}

std::string person_record_key(PersonNumber number) {
  return key(RecordKind::kPerson, number);
}

std::string spelling_record_key(std::string_view bucket) {
  return key(RecordKind::kSpelling, bucket);
}

std::string encode_postings(std::span<const PersonRef> people) {
  std::string value;
  put_refs(value, people);
  return value;
}

std::string encode_spellings(std::span<const SpelledToken> tokens) {
  std::string value;
  for (const SpelledToken& spelled : tokens) {
    put_text(value, spelled.token);
    put_varint(value, static_cast<std::uint32_t>(spelled.people.size()));
    put_refs(value, spelled.people);
  }
  return value;
}

Result<std::vector<PersonRef>> decode_postings(std::string_view value) {
  OctetReader reader{value};
  std::vector<PersonRef> people;
  while (!reader.at_end()) {
    read_ref(reader, people);
  }
  if (reader.failed() || people.empty()) {
    return damaged("a name or address");
  }
  return people;
}

Result<std::vector<SpelledToken>> decode_spellings(std::string_view value) {
  OctetReader reader{value};
  std::vector<SpelledToken> tokens;
  while (!reader.at_end()) {
    SpelledToken spelled{.token = std::string{reader.text()}, .people = {}};
    const std::uint32_t count = reader.count();
    for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
      read_ref(reader, spelled.people);
    }
    if (spelled.token.empty() || spelled.people.empty() ||
        (!tokens.empty() && tokens.back().token >= spelled.token)) {
      reader.fail();
    }
    tokens.push_back(std::move(spelled));
  }
  if (reader.failed() || tokens.empty()) {
    return damaged("a spelling");
  }
  return tokens;
}

std::string encode_organization(const Organization& organization) {
  std::string value;
  put_text(value, organization.name);
  put_texts(value, organization.domains);
  put_texts(value, organization.groups);
  put_texts(value, organization.directories);
  return value;
}

Result<Organization> decode_organization(std::string_view value) {
  OctetReader reader{value};
  Organization organization;
  organization.name = reader.text();
  organization.domains = read_texts(reader);
  organization.groups = read_texts(reader);
  organization.directories = read_texts(reader);
  if (reader.failed() || !reader.at_end()) {
    return damaged("an organization");
  }
  return organization;
}

std::string encode_person(const Person& person) {
  const bool id_is_primary = !person.addresses.empty() && person.id == person.addresses.front();
  std::string value;
  put_varint(value, person.organization);
  put_varint(value, person.directory);
  put_varint(
      value,
      (person.role_mailbox ? kRoleMailbox : 0U) | (id_is_primary ? kIdIsPrimaryAddress : 0U));
  if (!id_is_primary) {
    put_text(value, person.id);
  }
  put_text(value, person.name);
  put_texts(value, person.other_names);
  put_full_name(value, person.full_name);
  put_texts(value, person.addresses);
  put_ascending(value, person.groups);
  return value;
}

Result<Person> decode_person(std::string_view value) {
  OctetReader reader{value};
  Person person;
  person.organization = reader.varint();
  person.directory = reader.varint();
  const std::uint32_t flags = reader.varint(kAllFlags);
  person.role_mailbox = (flags & kRoleMailbox) != 0;
  const bool id_is_primary = (flags & kIdIsPrimaryAddress) != 0;
  if (!id_is_primary) {
    person.id = reader.text();
  }
  person.name = reader.text();
  person.other_names = read_texts(reader);
  person.full_name = read_full_name(reader);
  person.addresses = read_texts(reader);
  person.groups = read_ascending(reader);
  if (reader.failed() || !reader.at_end() || (id_is_primary && person.addresses.empty())) {
    return damaged("a person");
  }
  if (id_is_primary) {
    person.id = person.addresses.front();
  }
  return person;
}

}  // namespace policy
