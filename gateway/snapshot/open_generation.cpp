// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/snapshot/open_generation.h"

#include "gateway/snapshot/generation_database.h"
#include "policy/name/protected_name.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"
#include "policy/snapshot/manifest.h"
#include "policy/snapshot/snapshot_view.h"

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

Result<policy::Manifest> read_manifest(const std::filesystem::path& folder) {
  const auto text =
      policy::read_file(folder / policy::kManifestFileName, policy::kMaximumManifestOctets);
  if (!text.has_value()) {
    return std::unexpected{text.error()};
  }
  auto manifest = policy::decode_manifest(*text);
  if (!manifest.has_value()) {
    return fail(folder.string(), std::move(manifest).error());
  }
  if (manifest->name_key_version != policy::name_key_version()) {
    return fail(ErrorCode::kInvalidInput,
                folder.string() + ": its names were indexed by version " +
                    manifest->name_key_version + ", this program searches by version " +
                    policy::name_key_version() +
                    "; run fromguard-directory of the same version and ICU library, it publishes "
                    "anew");
  }
  return manifest;
}

Result<void> verify_records(const GenerationDatabase& database, const policy::Manifest& manifest) {
  const auto counts = database.counts();
  if (!counts.has_value()) {
    return std::unexpected{counts.error()};
  }
  if (*counts != manifest.records) {
    return fail(ErrorCode::kInvalidInput,
                "the database has not the records that its manifest counts");
  }
  return policy::verify_sentinels(database, manifest);
}

}  // namespace

Result<std::shared_ptr<const OpenGeneration>> open_generation(const std::filesystem::path& folder) {
  auto manifest = read_manifest(folder);
  if (!manifest.has_value()) {
    return std::unexpected{std::move(manifest).error()};
  }
  if (auto verified = policy::verify_files(folder, *manifest); !verified.has_value()) {
    return std::unexpected{std::move(verified).error()};
  }
  auto database = GenerationDatabase::open(folder);
  if (!database.has_value()) {
    return fail(folder.string(), std::move(database).error());
  }
  if (auto verified = verify_records(**database, *manifest); !verified.has_value()) {
    return fail(folder.string(), std::move(verified).error());
  }
  auto view = policy::SnapshotView::create(*std::move(database), *manifest);
  if (!view.has_value()) {
    return fail(folder.string(), std::move(view).error());
  }
  return std::make_shared<const OpenGeneration>(*std::move(manifest), *std::move(view));
}

}  // namespace gateway
