// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Version of the records and of the manifest. Raise it with any change to either.
inline constexpr std::uint32_t kSnapshotSchemaVersion = 2;

/// The kinds of record. The value is the first octet of the record's key, so that a generation
/// holds them one after the other in this order.
enum class RecordKind : char {
  kAddress = 'a',       ///< canonical address -> posting list
  kName = 'n',          ///< name key -> posting list
  kOrganization = 'o',  ///< organization number -> Organization
  kPerson = 'p',        ///< person number -> Person
  kSpelling = 's',      ///< spelling bucket -> spelled tokens
};

inline constexpr std::array kRecordKinds{RecordKind::kAddress,
                                         RecordKind::kName,
                                         RecordKind::kOrganization,
                                         RecordKind::kPerson,
                                         RecordKind::kSpelling};

/// A value beyond this size is refused, written or read.
inline constexpr std::size_t kMaximumRecordOctets = std::size_t{64} * 1024 * 1024;

/// How many records of each kind a generation has.
struct RecordCounts {
  std::uint64_t addresses = 0;
  std::uint64_t names = 0;
  std::uint64_t organizations = 0;
  std::uint64_t people = 0;
  std::uint64_t spellings = 0;

  [[nodiscard]] std::uint64_t of(RecordKind kind) const;
  [[nodiscard]] std::uint64_t& of(RecordKind kind);

  friend bool operator==(const RecordCounts&, const RecordCounts&) = default;
};

/// The key of a record. Numbers stand in it as 32 bits, most significant octet first.
[[nodiscard]] std::string name_record_key(std::string_view name_key);
[[nodiscard]] std::string address_record_key(std::string_view canonical_address);
[[nodiscard]] std::string organization_record_key(OrganizationNumber number);
[[nodiscard]] std::string person_record_key(PersonNumber number);
[[nodiscard]] std::string spelling_record_key(std::string_view bucket);

/// A posting list: pairs of varints, each the difference to the pair before. `people` is sorted by
/// person and by organization alike (people are numbered in the order of their organizations),
/// without duplicates, and not empty.
[[nodiscard]] std::string encode_postings(std::span<const PersonRef> people);

/// Spelled tokens: each as a text, then the number of its people, then their postings. `tokens` is
/// sorted, without duplicates, and not empty; so are the people of each.
[[nodiscard]] std::string encode_spellings(std::span<const SpelledToken> tokens);

/// Varints and texts with their length before them, in the order of the struct. An id that is the
/// primary address is stored once. `Person::groups` must be sorted and without duplicates.
[[nodiscard]] std::string encode_organization(const Organization& organization);
[[nodiscard]] std::string encode_person(const Person& person);

/// The decoders take any octets. What the encoders did not write is `kInvalidInput`; they use
/// memory in proportion to the input alone.
[[nodiscard]] Result<std::vector<PersonRef>> decode_postings(std::string_view value);
[[nodiscard]] Result<std::vector<SpelledToken>> decode_spellings(std::string_view value);
[[nodiscard]] Result<Organization> decode_organization(std::string_view value);
[[nodiscard]] Result<Person> decode_person(std::string_view value);

}  // namespace policy
