// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/directory_view.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <filesystem>
#include <memory>
#include <utility>

namespace gateway {

/// A generation that was verified and is open. Immutable and thread-safe; it goes on answering when
/// its folder is removed.
class OpenGeneration {
 public:
  OpenGeneration(policy::Manifest manifest, std::unique_ptr<const policy::DirectoryView> directory)
      : manifest_(std::move(manifest)), directory_(std::move(directory)) {}

  [[nodiscard]] const policy::DirectoryView& directory() const { return *directory_; }

  /// Its number, counts, and the times it was published and its sources were read.
  [[nodiscard]] const policy::Manifest& manifest() const { return manifest_; }

 private:
  policy::Manifest manifest_;
  std::unique_ptr<const policy::DirectoryView> directory_;
};

/// Opens the generation in `folder` and believes it only if its manifest is whole and of a schema
/// and name key version that this program has, the folder holds exactly the files of the manifest,
/// each undamaged, and the database has the records that the manifest counts and its sentinels.
/// Reads every file once. Writes nothing.
///
/// `kInvalidInput`: it must not be used, now or later, unless its files change. `kNotFound`: there
/// is no manifest. Else it could not be read, and may be later.
[[nodiscard]] policy::Result<std::shared_ptr<const OpenGeneration>> open_generation(
    const std::filesystem::path& folder);

}  // namespace gateway
