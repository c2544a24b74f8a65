// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/digest.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/posting_sorter.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/sentinel.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Takes the records of a generation.
class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  RecordSink(RecordSink&&) = delete;
  RecordSink& operator=(RecordSink&&) = delete;
  virtual ~RecordSink() = default;

  /// Keys of one kind come in ascending order; the kinds come one after the other: organizations,
  /// people, addresses, names, spellings. Neither view outlives the call.
  [[nodiscard]] virtual Result<void> put(RecordKind kind,
                                         std::string_view key,
                                         std::string_view value) = 0;
};

/// Turns organizations and people into the records of a generation. First all organizations, then
/// all people, then `finish`. Records of organizations and people go to the sink at once; names,
/// spellings and addresses are gathered and follow in `finish`. After a failure the encoder is of
/// no more use.
class GenerationEncoder {
 public:
  /// `sink` must outlive the encoder.
  explicit GenerationEncoder(RecordSink& sink) : sink_(&sink) {}

  /// Refuses a name or a domain that an organization before has, and domains that are not
  /// canonical. Organizations are numbered from 0 in the order they come.
  [[nodiscard]] Result<void> add_organization(const Organization& organization);

  /// Refuses a person whose organization, directory or group does not exist, who comes after one of
  /// a later organization, has no name, or whose addresses are not canonical. People are numbered
  /// from 0 in the order they come; the same people in the same order make the same content.
  [[nodiscard]] Result<void> add_person(const Person& person);

  /// SHA-256 over all that makes the records: schema, name key version, organizations, people. Call
  /// it once, after the last person; a generation of the same digest has the same records.
  [[nodiscard]] std::string content_digest();

  /// Hands names, spellings and addresses to the sink.
  [[nodiscard]] Result<void> finish();

  /// How many records the sink got; all of them after `finish`.
  [[nodiscard]] const RecordCounts& counts() const { return counts_; }

  /// The people of each organization.
  [[nodiscard]] const std::vector<std::uint64_t>& people_of_organizations() const {
    return people_of_organizations_;
  }

  /// The sentinels of every kind. Call it once, after `finish`.
  [[nodiscard]] std::vector<Sentinel> take_sentinels();

 private:
  [[nodiscard]] Result<void> check(const Person& person) const;
  [[nodiscard]] Result<void> put(RecordKind kind, std::string_view key, std::string_view value);
  [[nodiscard]] Result<void> put_postings(RecordKind kind, PostingSorter& postings);
  [[nodiscard]] Result<void> put_spellings();
  void add_names(const Person& person, PersonNumber number);
  [[nodiscard]] std::vector<PersonRef> references(std::span<const PersonNumber> people) const;
  [[nodiscard]] OrganizationNumber organization_of(PersonNumber person) const;

  RecordSink* sink_;
  Sha256 content_;
  std::vector<Organization> organizations_;
  std::map<std::string, OrganizationNumber, std::less<>> domains_;
  std::vector<PersonNumber> first_people_;  // of each organization that people have come of
  std::vector<std::uint64_t> people_of_organizations_;
  PostingSorter names_;
  PostingSorter spellings_;  // by bucket, NUL, token
  PostingSorter addresses_;
  std::map<RecordKind, SentinelPicker> sentinels_;
  RecordCounts counts_;
};

}  // namespace policy
