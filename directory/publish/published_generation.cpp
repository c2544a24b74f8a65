// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/published_generation.h"

#include "directory/publish/database_reader.h"
#include "policy/name/near_name.h"
#include "policy/name/protected_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/snapshot_view.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

// How many people are looked up by all of their keys after a generation is written.
constexpr std::uint64_t kSampledPeople = 64;

bool contains(const Result<std::vector<policy::PersonRef>>& people, policy::PersonRef who) {
  return people.has_value() && std::ranges::find(*people, who) != people->end();
}

bool leads_to(const policy::SnapshotView& view,
              std::string_view name,
              const policy::Person& person,
              policy::PersonRef who) {
  const std::vector<std::string> keys = policy::protected_name_keys(name, person.role_mailbox);
  return std::ranges::all_of(
      keys, [&](const std::string& key) { return contains(view.people_by_name_key(key), who); });
}

bool leads_to(const policy::SnapshotView& view,
              const policy::SpellingEntry& entry,
              policy::PersonRef who) {
  const auto tokens = view.people_by_spelling(entry.bucket);
  return tokens.has_value() &&
         std::ranges::any_of(*tokens, [&](const policy::SpelledToken& spelled) {
           return spelled.token == entry.token && std::ranges::binary_search(spelled.people, who);
         });
}

Result<void> verify_person(const policy::SnapshotView& view, policy::PersonNumber number) {
  const auto person = view.person(number);
  if (!person.has_value()) {
    return std::unexpected{person.error()};
  }
  const policy::PersonRef who{.organization = person->organization, .person = number};
  std::vector<std::string> names = person->other_names;
  names.push_back(person->name);
  for (const std::string& name : names) {
    if (!leads_to(view, name, *person, who)) {
      return fail(ErrorCode::kInvalidInput, "a name does not lead to its person");
    }
  }
  const bool is_spelled = std::ranges::all_of(
      policy::spelling_entries(person->full_name),
      [&](const policy::SpellingEntry& entry) { return leads_to(view, entry, who); });
  if (!is_spelled) {
    return fail(ErrorCode::kInvalidInput, "a spelling does not lead to its person");
  }
  for (const std::string& address : person->addresses) {
    if (!contains(view.people_by_address(address), who)) {
      return fail(ErrorCode::kInvalidInput, "an address does not lead to its person");
    }
  }
  return {};
}

// The generations to try, the one in force first.
Result<std::vector<fs::path>> candidates(const fs::path& snapshots) {
  auto generations = list_generations(snapshots);
  if (!generations.has_value()) {
    return std::unexpected{std::move(generations).error()};
  }
  std::vector<fs::path> folders;
  if (auto current = current_folder(snapshots); current.has_value()) {
    folders.push_back(*std::move(current));
  }
  for (const std::uint64_t generation : *generations) {
    fs::path folder = snapshots / policy::generation_folder_name(generation);
    if (folders.empty() || folder != folders.front()) {
      folders.push_back(std::move(folder));
    }
  }
  return folders;
}

}  // namespace

PublishedGeneration::PublishedGeneration(policy::Manifest manifest,
                                         const DatabaseReader& database,
                                         std::unique_ptr<const policy::SnapshotView> view)
    : manifest_(std::move(manifest)), database_(&database), view_(std::move(view)) {}

Result<PublishedGeneration> PublishedGeneration::open(const fs::path& folder) {
  const auto text =
      policy::read_file(folder / policy::kManifestFileName, policy::kMaximumManifestOctets);
  if (!text.has_value()) {
    return std::unexpected{text.error()};
  }
  auto manifest = policy::decode_manifest(*text);
  if (!manifest.has_value()) {
    return fail(folder.string(), std::move(manifest).error());
  }
  if (auto verified = policy::verify_files(folder, *manifest); !verified.has_value()) {
    return std::unexpected{std::move(verified).error()};
  }
  auto database = DatabaseReader::open(folder);
  if (!database.has_value()) {
    return std::unexpected{std::move(database).error()};
  }
  const DatabaseReader& reader = **database;
  const auto counts = reader.counts();
  if (!counts.has_value()) {
    return fail(folder.string(), counts.error());
  }
  if (*counts != manifest->records) {
    return fail(ErrorCode::kInvalidInput,
                folder.string() + ": the database has not the records that its manifest counts");
  }
  if (auto verified = policy::verify_sentinels(reader, *manifest); !verified.has_value()) {
    return fail(folder.string(), std::move(verified).error());
  }
  auto view = policy::SnapshotView::create(*std::move(database), *manifest);
  if (!view.has_value()) {
    return fail(folder.string(), std::move(view).error());
  }
  return PublishedGeneration{*std::move(manifest), reader, *std::move(view)};
}

Result<std::optional<PublishedGeneration>> PublishedGeneration::open_newest(
    const fs::path& snapshots) {
  const auto folders = candidates(snapshots);
  if (!folders.has_value()) {
    return std::unexpected{folders.error()};
  }
  std::optional<policy::Error> first_failure;
  for (const fs::path& folder : *folders) {
    auto opened = open(folder);
    if (opened.has_value()) {
      return *std::move(opened);
    }
    if (!first_failure.has_value()) {
      first_failure = std::move(opened).error();
    }
  }
  if (first_failure.has_value()) {
    return std::unexpected{*std::move(first_failure)};
  }
  return std::nullopt;
}

Result<void> PublishedGeneration::for_each_person(
    policy::OrganizationNumber organization,
    const std::function<Result<void>(const policy::Person&)>& visit) const {
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < organization; ++i) {
    first += manifest_.organizations[i].people;
  }
  std::uint64_t left = manifest_.organizations[organization].people;
  if (left == 0) {
    return {};
  }
  const auto visited =
      database_->for_each_from(policy::person_record_key(static_cast<policy::PersonNumber>(first)),
                               [&](std::string_view, std::string_view value) -> Result<bool> {
                                 const auto person = policy::decode_person(value);
                                 if (!person.has_value()) {
                                   return std::unexpected{person.error()};
                                 }
                                 if (auto taken = visit(*person); !taken.has_value()) {
                                   return std::unexpected{std::move(taken).error()};
                                 }
                                 --left;
                                 return left > 0;
                               });
  if (visited.has_value() && left > 0) {
    return fail(ErrorCode::kInvalidInput, "the generation has fewer people than its manifest says");
  }
  return visited;
}

Result<void> PublishedGeneration::verify_thoroughly() const {
  if (auto verified = database_->verify_blocks(); !verified.has_value()) {
    return verified;
  }
  const std::uint64_t people = manifest_.records.people;
  const std::uint64_t stride = std::max<std::uint64_t>(1, people / kSampledPeople);
  for (std::uint64_t i = 0; i < people; i += stride) {
    auto verified = verify_person(*view_, static_cast<policy::PersonNumber>(i));
    if (!verified.has_value()) {
      return verified;
    }
  }
  return {};
}

Result<std::vector<std::uint64_t>> list_generations(const fs::path& snapshots) {
  std::vector<std::uint64_t> generations;
  std::error_code error;
  for (fs::directory_iterator at{snapshots, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    if (const auto number = policy::parse_generation_folder_name(at->path().filename().string())) {
      generations.push_back(*number);
    }
  }
  if (error) {
    return fail(ErrorCode::kUnavailable, "list " + snapshots.string() + ": " + error.message());
  }
  std::ranges::sort(generations, std::ranges::greater{});
  return generations;
}

std::optional<fs::path> current_folder(const fs::path& snapshots) {
  std::error_code error;
  const fs::path target = fs::read_symlink(snapshots / policy::kCurrentLinkName, error);
  if (error) {
    return std::nullopt;
  }
  return snapshots / target;
}

std::optional<policy::Manifest> current_manifest(const fs::path& snapshots) {
  const auto folder = current_folder(snapshots);
  if (!folder.has_value()) {
    return std::nullopt;
  }
  const auto text =
      policy::read_file(*folder / policy::kManifestFileName, policy::kMaximumManifestOctets);
  if (!text.has_value()) {
    return std::nullopt;
  }
  auto manifest = policy::decode_manifest(*text);
  return manifest.has_value() ? std::optional{*std::move(manifest)} : std::nullopt;
}

}  // namespace directory
