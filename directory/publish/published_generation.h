// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/publish/database_reader.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/snapshot_view.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace directory {

/// A published generation, read back by its writer.
class PublishedGeneration {
 public:
  /// Opens the generation in `folder` after checking its manifest, its files, its record counts and
  /// its sentinels. `kNotFound` if there is no manifest.
  [[nodiscard]] static policy::Result<PublishedGeneration> open(
      const std::filesystem::path& folder);

  /// Opens the generation in force, or, where that one is damaged, the newest before it that is
  /// not. Nothing if there is no generation at all; a failure if there are only damaged ones.
  [[nodiscard]] static policy::Result<std::optional<PublishedGeneration>> open_newest(
      const std::filesystem::path& snapshots);

  [[nodiscard]] const policy::Manifest& manifest() const { return manifest_; }

  [[nodiscard]] const policy::SnapshotView& view() const { return *view_; }

  /// Visits the people of one organization in their order.
  [[nodiscard]] policy::Result<void> for_each_person(
      policy::OrganizationNumber organization,
      const std::function<policy::Result<void>(const policy::Person&)>& visit) const;

  /// Follows the keys of a spread of people back to them; reads every block of the database.
  [[nodiscard]] policy::Result<void> verify_thoroughly() const;

 private:
  PublishedGeneration(policy::Manifest manifest,
                      const DatabaseReader& database,
                      std::unique_ptr<const policy::SnapshotView> view);

  policy::Manifest manifest_;
  const DatabaseReader* database_;  // owned by `view_`
  std::unique_ptr<const policy::SnapshotView> view_;
};

/// The numbers of the generations that have a folder, descending.
[[nodiscard]] policy::Result<std::vector<std::uint64_t>> list_generations(
    const std::filesystem::path& snapshots);

/// The folder that `current` points to; nothing if there is no such link.
[[nodiscard]] std::optional<std::filesystem::path> current_folder(
    const std::filesystem::path& snapshots);

/// The manifest of the generation that `current` points to, unchecked; nothing if it cannot be
/// read.
[[nodiscard]] std::optional<policy::Manifest> current_manifest(
    const std::filesystem::path& snapshots);

}  // namespace directory
