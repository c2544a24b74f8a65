// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/snapshot_view.h"

#include "policy/digest.h"
#include "policy/name/visible_text.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/sentinel.h"

#include <algorithm>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kUnavailable, "the generation is damaged: " + std::string{what});
}

// The value of a record that another one points to.
Result<std::string> present(const RecordSource& records,
                            const std::string& key,
                            std::string_view absence) {
  auto found = records.get(key);
  if (!found.has_value()) {
    return std::unexpected{std::move(found).error()};
  }
  std::optional<std::string>& value = *found;
  if (!value.has_value()) {
    return damaged(absence);
  }
  return *std::move(value);
}

// A record that cannot be decoded is a look-up that failed, not an answer.
template <typename T>
Result<T> looked_up(Result<T> decoded) {
  if (!decoded.has_value()) {
    return damaged(decoded.error().message);
  }
  return decoded;
}

}  // namespace

Result<void> verify_sentinels(const RecordSource& records, const Manifest& manifest) {
  for (const Sentinel& sentinel : manifest.sentinels) {
    const auto found = records.get(sentinel.key);
    if (!found.has_value()) {
      return std::unexpected{found.error()};
    }
    const std::optional<std::string>& value = *found;
    const std::string name = visible_text(sentinel.key);
    if (!value.has_value()) {
      return fail(ErrorCode::kInvalidInput, "the record '" + name + "' is not there");
    }
    if (sha256_hex(*value) != sentinel.value_sha256) {
      return fail(ErrorCode::kInvalidInput, "the record '" + name + "' has another value");
    }
  }
  return {};
}

SnapshotView::SnapshotView(std::unique_ptr<const RecordSource> records, const Manifest& manifest)
    : records_(std::move(records)),
      generation_(manifest.generation),
      people_count_(manifest.records.people) {}

Result<std::unique_ptr<const SnapshotView>> SnapshotView::create(
    std::unique_ptr<const RecordSource> records, const Manifest& manifest) {
  std::unique_ptr<SnapshotView> view{new SnapshotView{std::move(records), manifest}};
  if (auto loaded = view->load_organizations(manifest); !loaded.has_value()) {
    return std::unexpected{std::move(loaded).error()};
  }
  return view;
}

Result<void> SnapshotView::load_organizations(const Manifest& manifest) {
  for (const ManifestOrganization& listed : manifest.organizations) {
    if (auto loaded = load_organization(listed); !loaded.has_value()) {
      return loaded;
    }
  }
  return {};
}

Result<void> SnapshotView::load_organization(const ManifestOrganization& listed) {
  const auto number = static_cast<OrganizationNumber>(organizations_.size());
  const auto value =
      present(*records_, organization_record_key(number), "an organization is not there");
  if (!value.has_value()) {
    return std::unexpected{value.error()};
  }
  auto organization = looked_up(decode_organization(*value));
  if (!organization.has_value()) {
    return std::unexpected{std::move(organization).error()};
  }
  if (organization->name != listed.name) {
    return damaged("its organizations are not those of its manifest");
  }
  for (const std::string& domain : organization->domains) {
    if (!domains_.emplace(domain, number).second) {
      return damaged("a domain belongs to two organizations");
    }
  }
  organizations_.push_back(*std::move(organization));
  return {};
}

Result<std::vector<PersonRef>> SnapshotView::postings(const std::string& key) const {
  const auto found = records_->get(key);
  if (!found.has_value()) {
    return std::unexpected{found.error()};
  }
  const std::optional<std::string>& value = *found;
  if (!value.has_value()) {
    return std::vector<PersonRef>{};
  }
  auto people = looked_up(decode_postings(*value));
  if (people.has_value() && !are_here(*people)) {
    return damaged("a name or address leads to nobody");
  }
  return people;
}

// Both numbers ascend, so the last pair has the greatest of each.
bool SnapshotView::are_here(const std::vector<PersonRef>& people) const {
  return people.back().organization < organizations_.size() && people.back().person < people_count_;
}

Result<std::vector<SpelledToken>> SnapshotView::people_by_spelling(std::string_view bucket) const {
  const auto found = records_->get(spelling_record_key(bucket));
  if (!found.has_value()) {
    return std::unexpected{found.error()};
  }
  const std::optional<std::string>& value = *found;
  if (!value.has_value()) {
    return std::vector<SpelledToken>{};
  }
  auto tokens = looked_up(decode_spellings(*value));
  if (tokens.has_value() && !std::ranges::all_of(*tokens, [&](const SpelledToken& spelled) {
        return are_here(spelled.people);
      })) {
    return damaged("a spelling leads to nobody");
  }
  return tokens;
}

Result<std::vector<PersonRef>> SnapshotView::people_by_name_key(std::string_view name_key) const {
  return postings(name_record_key(name_key));
}

Result<std::vector<PersonRef>> SnapshotView::people_by_address(
    std::string_view canonical_address) const {
  return postings(address_record_key(canonical_address));
}

Result<Person> SnapshotView::person(PersonNumber number) const {
  const auto value = present(*records_, person_record_key(number), "a person is not there");
  if (!value.has_value()) {
    return std::unexpected{value.error()};
  }
  auto person = looked_up(decode_person(*value));
  if (!person.has_value()) {
    return person;
  }
  if (person->organization >= organizations_.size()) {
    return damaged("a person is of no organization");
  }
  const Organization& organization = organizations_[person->organization];
  if (person->directory >= organization.directories.size() ||
      (!person->groups.empty() && person->groups.back() >= organization.groups.size())) {
    return damaged("a person is of a directory or group that is not there");
  }
  return person;
}

std::optional<OrganizationNumber> SnapshotView::organization_of_domain(
    std::string_view canonical_domain) const {
  const auto found = domains_.find(canonical_domain);
  if (found == domains_.end()) {
    return std::nullopt;
  }
  return found->second;
}

}  // namespace policy
