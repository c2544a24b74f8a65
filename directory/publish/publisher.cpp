// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/publisher.h"

#include "directory/clock.h"
#include "directory/publish/database_writer.h"
#include "directory/publish/durable_files.h"
#include "directory/publish/folder_lock.h"
#include "directory/publish/published_generation.h"
#include "policy/event.h"
#include "policy/name/protected_name.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/generation_encoder.h"
#include "policy/snapshot/generation_files.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/records.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
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

constexpr std::string_view kStagingPrefix = ".staging-";
constexpr std::string_view kNewLinkName = ".current-new";
constexpr std::string_view kLockName = ".lock";

// A generation that a crash or a foreign hand left without a manifest.
bool is_half_made(const fs::path& folder) {
  std::error_code error;
  return policy::parse_generation_folder_name(folder.filename().string()).has_value() &&
         !fs::exists(folder / policy::kManifestFileName, error) && !error;
}

bool is_leftover(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with(kStagingPrefix) || name == kNewLinkName || is_half_made(path);
}

Result<std::vector<fs::path>> find_leftovers(const fs::path& snapshots) {
  const auto in_force = current_folder(snapshots);
  std::vector<fs::path> leftovers;
  std::error_code error;
  for (fs::directory_iterator at{snapshots, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    if (is_leftover(at->path()) && at->path() != in_force) {
      leftovers.push_back(at->path());
    }
  }
  if (error) {
    return fail(ErrorCode::kUnavailable, "list " + snapshots.string() + ": " + error.message());
  }
  return leftovers;
}

Result<void> encode_all(const GenerationContent& content, policy::GenerationEncoder& encoder) {
  for (const policy::Organization& organization : content.organizations) {
    if (auto added = encoder.add_organization(organization); !added.has_value()) {
      return added;
    }
  }
  return content.for_each_person(
      [&](const policy::Person& person) { return encoder.add_person(person); });
}

std::vector<policy::ManifestOrganization> list_organizations(
    const GenerationContent& content, const policy::GenerationEncoder& encoder) {
  std::vector<policy::ManifestOrganization> listed;
  listed.reserve(content.organizations.size());
  for (std::size_t i = 0; i < content.organizations.size(); ++i) {
    listed.push_back(
        {.name = content.organizations[i].name, .people = encoder.people_of_organizations()[i]});
  }
  return listed;
}

// The manifest of the generation in force, if all of it is sound.
std::optional<policy::Manifest> sound_manifest_in_force(const fs::path& snapshots) {
  const auto folder = current_folder(snapshots);
  if (!folder.has_value()) {
    return std::nullopt;
  }
  auto opened = PublishedGeneration::open(*folder);
  if (!opened.has_value()) {
    return std::nullopt;
  }
  return opened->manifest();
}

}  // namespace

// A generation being made, in a hidden folder beside the others. What is left of it is removed.
struct Publisher::Draft {
  std::uint64_t generation;
  fs::path folder;

  Draft(const fs::path& snapshots, std::uint64_t number)
      : generation(number),
        folder(snapshots / (std::string{kStagingPrefix} + std::to_string(number))) {}

  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  Draft(Draft&&) = delete;
  Draft& operator=(Draft&&) = delete;

  // What cannot be removed now is swept at the next start.
  ~Draft() { static_cast<void>(remove_tree(folder)); }

  [[nodiscard]] fs::path database() const { return folder / "database"; }

  [[nodiscard]] fs::path scratch() const { return folder / "scratch"; }
};

Publisher::Publisher(PublisherSettings settings,
                     const policy::EventLog& log,
                     FolderLock state_lock,
                     FolderLock snapshots_lock)
    : settings_(std::move(settings)),
      log_(&log),
      state_lock_(std::move(state_lock)),
      snapshots_lock_(std::move(snapshots_lock)) {}

Result<Publisher> Publisher::open(PublisherSettings settings, const policy::EventLog& log) {
  for (const fs::path& folder : {settings.state, settings.snapshots}) {
    if (auto made = make_folder(folder); !made.has_value()) {
      return std::unexpected{std::move(made).error()};
    }
  }
  auto state_lock = FolderLock::acquire(settings.state / kLockName);
  if (!state_lock.has_value()) {
    return std::unexpected{std::move(state_lock).error()};
  }
  auto snapshots_lock = FolderLock::acquire(settings.snapshots / kLockName);
  if (!snapshots_lock.has_value()) {
    return std::unexpected{std::move(snapshots_lock).error()};
  }
  Publisher publisher{std::move(settings), log, *std::move(state_lock), *std::move(snapshots_lock)};
  if (auto swept = publisher.sweep(); !swept.has_value()) {
    return std::unexpected{std::move(swept).error()};
  }
  return publisher;
}

Result<void> Publisher::sweep() {
  const auto leftovers = find_leftovers(settings_.snapshots);
  if (!leftovers.has_value()) {
    return std::unexpected{leftovers.error()};
  }
  for (const fs::path& path : *leftovers) {
    if (auto removed = remove_tree(path); !removed.has_value()) {
      return removed;
    }
    log_->write(policy::EventId::kLeftoversSwept, {{.key = "path", .value = path.native()}});
  }
  return {};
}

Result<Publication> Publisher::publish(const GenerationContent& content) {
  const auto generations = list_generations(settings_.snapshots);
  if (!generations.has_value()) {
    return std::unexpected{generations.error()};
  }
  const Draft draft{settings_.snapshots, generations->empty() ? 1 : generations->front() + 1};
  if (auto removed = remove_tree(draft.folder); !removed.has_value()) {
    return std::unexpected{std::move(removed).error()};
  }
  if (auto made = make_folder(draft.folder); !made.has_value()) {
    return std::unexpected{std::move(made).error()};
  }
  auto published = publish_draft(content, draft);
  if (published.has_value() && published->is_new) {
    // It is in force, so that old ones that stay for now are no failure of this one.
    if (auto removed = remove_old_generations(published->generation); !removed.has_value()) {
      log_->write(policy::EventId::kInternalError,
                  {{.key = "error", .value = removed.error().message}});
    }
  }
  return published;
}

Result<Publication> Publisher::publish_draft(const GenerationContent& content, const Draft& draft) {
  DatabaseWriter writer{draft.database(), draft.scratch()};
  policy::GenerationEncoder encoder{writer};
  if (auto encoded = encode_all(content, encoder); !encoded.has_value()) {
    return std::unexpected{std::move(encoded).error()};
  }
  policy::Manifest manifest;
  manifest.content_digest = encoder.content_digest();
  const auto in_force = sound_manifest_in_force(settings_.snapshots);
  if (in_force.has_value() && in_force->content_digest == manifest.content_digest) {
    const fs::path link = settings_.snapshots / policy::kCurrentLinkName;
    if (auto touched = touch_link(link); !touched.has_value()) {
      return std::unexpected{std::move(touched).error()};
    }
    return Publication{
        .generation = in_force->generation, .is_new = false, .records = in_force->records};
  }
  if (auto finished = encoder.finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  if (auto finished = writer.finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  manifest.generation = draft.generation;
  manifest.name_key_version = policy::name_key_version();
  manifest.published = now_in_seconds();
  manifest.organizations = list_organizations(content, encoder);
  manifest.records = encoder.counts();
  manifest.sources = content.sources;
  manifest.sentinels = encoder.take_sentinels();
  return complete(std::move(manifest), draft);
}

Result<Publication> Publisher::complete(policy::Manifest manifest, const Draft& draft) {
  const fs::path folder = draft.database();
  auto files = policy::digest_files(folder);
  if (!files.has_value()) {
    return std::unexpected{std::move(files).error()};
  }
  manifest.files = *std::move(files);
  if (auto written =
          write_new_file(folder / policy::kManifestFileName, policy::encode_manifest(manifest));
      !written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  if (auto sealed = seal_folder(folder); !sealed.has_value()) {
    return std::unexpected{std::move(sealed).error()};
  }
  const auto opened = PublishedGeneration::open(folder);
  if (!opened.has_value()) {
    return fail("verify the new generation", opened.error());
  }
  if (auto verified = opened->verify_thoroughly(); !verified.has_value()) {
    return fail("verify the new generation", std::move(verified).error());
  }
  if (auto switched = put_in_force(draft.generation, draft); !switched.has_value()) {
    return std::unexpected{std::move(switched).error()};
  }
  return Publication{.generation = draft.generation, .is_new = true, .records = manifest.records};
}

Result<void> Publisher::put_in_force(std::uint64_t generation, const Draft& draft) const {
  const std::string name = policy::generation_folder_name(generation);
  auto renamed = rename_durably(draft.database(), settings_.snapshots / name);
  if (!renamed.has_value()) {
    return renamed;
  }
  return replace_link(
      settings_.snapshots / policy::kCurrentLinkName, name, settings_.snapshots / kNewLinkName);
}

Result<void> Publisher::remove_old_generations(std::uint64_t in_force) const {
  const auto generations = list_generations(settings_.snapshots);
  if (!generations.has_value()) {
    return std::unexpected{generations.error()};
  }
  std::size_t kept = 0;
  for (const std::uint64_t generation : *generations) {
    ++kept;
    if (kept <= settings_.keep_generations || generation == in_force) {
      continue;
    }
    auto removed = remove_tree(settings_.snapshots / policy::generation_folder_name(generation));
    if (!removed.has_value()) {
      return removed;
    }
  }
  return {};
}

}  // namespace directory
