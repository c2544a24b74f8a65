// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_directory.h"

#include "policy/name/protected_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_encoder.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/snapshot_view.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

policy::Result<void> MemorySink::put(policy::RecordKind /*kind*/,
                                     std::string_view key,
                                     std::string_view value) {
  if (!records.emplace(key, value).second) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "a record came twice");
  }
  return {};
}

policy::Result<std::optional<std::string>> MemorySource::get(std::string_view key) const {
  const auto found = records_.find(key);
  return found == records_.end() ? std::nullopt : std::optional{found->second};
}

policy::Result<MemoryGeneration> encode_generation(
    const std::vector<policy::Organization>& organizations,
    const std::vector<policy::Person>& people,
    std::uint64_t generation) {
  MemorySink sink;
  policy::GenerationEncoder encoder{sink};
  for (const policy::Organization& organization : organizations) {
    if (auto added = encoder.add_organization(organization); !added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
  }
  for (const policy::Person& person : people) {
    if (auto added = encoder.add_person(person); !added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
  }
  policy::Manifest manifest;
  manifest.generation = generation;
  manifest.name_key_version = policy::name_key_version();
  manifest.content_digest = encoder.content_digest();
  if (auto finished = encoder.finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  manifest.records = encoder.counts();
  manifest.sentinels = encoder.take_sentinels();
  for (std::size_t i = 0; i < organizations.size(); ++i) {
    manifest.organizations.push_back(
        {.name = organizations[i].name, .people = encoder.people_of_organizations()[i]});
  }
  return MemoryGeneration{.records = std::move(sink.records), .manifest = std::move(manifest)};
}

std::unique_ptr<const policy::DirectoryView> make_memory_directory(
    const std::vector<policy::Organization>& organizations,
    const std::vector<policy::Person>& people,
    std::uint64_t generation) {
  auto encoded = encode_generation(organizations, people, generation);
  if (!encoded.has_value()) {
    throw std::runtime_error{encoded.error().message};
  }
  auto view = policy::SnapshotView::create(
      std::make_unique<MemorySource>(std::move(encoded->records)), encoded->manifest);
  if (!view.has_value()) {
    throw std::runtime_error{view.error().message};
  }
  return *std::move(view);
}

}  // namespace tests
