// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace policy {

/// The records of one generation, by key. Immutable and thread-safe.
class RecordSource {
 public:
  RecordSource() = default;
  RecordSource(const RecordSource&) = delete;
  RecordSource& operator=(const RecordSource&) = delete;
  RecordSource(RecordSource&&) = delete;
  RecordSource& operator=(RecordSource&&) = delete;
  virtual ~RecordSource() = default;

  /// The value of the record, or nothing if there is no such record. A failure to read is
  /// `kUnavailable`.
  [[nodiscard]] virtual Result<std::optional<std::string>> get(std::string_view key) const = 0;
};

/// Looks up every sentinel of the manifest; `kInvalidInput` names the first that is absent or has
/// another value.
[[nodiscard]] Result<void> verify_sentinels(const RecordSource& records, const Manifest& manifest);

/// Answers the questions of a verdict from the records of a generation. A record that is damaged,
/// or that another record points to and is not there, is `kUnavailable`.
class SnapshotView final : public DirectoryView {
 public:
  /// Reads all organizations into memory; checks that their names and numbers are the manifest's.
  [[nodiscard]] static Result<std::unique_ptr<const SnapshotView>> create(
      std::unique_ptr<const RecordSource> records, const Manifest& manifest);

  [[nodiscard]] Result<std::vector<PersonRef>> people_by_name_key(
      std::string_view name_key) const override;
  [[nodiscard]] Result<std::vector<SpelledToken>> people_by_spelling(
      std::string_view bucket) const override;
  [[nodiscard]] Result<std::vector<PersonRef>> people_by_address(
      std::string_view canonical_address) const override;
  [[nodiscard]] Result<Person> person(PersonNumber number) const override;

  [[nodiscard]] const std::vector<Organization>& organizations() const override {
    return organizations_;
  }

  [[nodiscard]] std::optional<OrganizationNumber> organization_of_domain(
      std::string_view canonical_domain) const override;

  [[nodiscard]] std::uint64_t generation() const override { return generation_; }

  /// How many people there are; they are numbered from 0.
  [[nodiscard]] std::uint64_t people_count() const { return people_count_; }

 private:
  struct DomainHash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

    std::size_t operator()(std::string_view domain) const {
      return std::hash<std::string_view>{}(domain);
    }
  };

  SnapshotView(std::unique_ptr<const RecordSource> records, const Manifest& manifest);

  [[nodiscard]] Result<void> load_organizations(const Manifest& manifest);
  [[nodiscard]] Result<void> load_organization(const ManifestOrganization& listed);
  [[nodiscard]] bool are_here(const std::vector<PersonRef>& people) const;
  [[nodiscard]] Result<std::vector<PersonRef>> postings(const std::string& key) const;

  std::unique_ptr<const RecordSource> records_;
  std::uint64_t generation_;
  std::uint64_t people_count_;
  std::vector<Organization> organizations_;
  std::unordered_map<std::string, OrganizationNumber, DomainHash, std::equal_to<>> domains_;
};

}  // namespace policy
