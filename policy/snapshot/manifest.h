// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/sentinel.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// When a directory that a generation holds was last read with success.
struct SourceSync {
  std::string organization;
  std::string directory;
  std::int64_t synced = 0;  ///< seconds since 1970, UTC

  friend bool operator==(const SourceSync&, const SourceSync&) = default;
};

/// What a generation's manifest says of one organization.
struct ManifestOrganization {
  std::string name;
  std::uint64_t people = 0;

  friend bool operator==(const ManifestOrganization&, const ManifestOrganization&) = default;
};

/// One file of a generation.
struct ManifestFile {
  std::string name;  ///< within the generation's folder
  std::uint64_t size = 0;
  std::string sha256;  ///< 64 lower-case hexadecimal digits

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

/// All that must be known of a generation to believe it. The database alone cannot be asked: it
/// opens a damaged list of its own files as an empty database.
struct Manifest {
  std::uint64_t generation = 0;  ///< from 1
  std::string name_key_version;
  std::int64_t published = 0;  ///< seconds since 1970, UTC
  std::vector<ManifestOrganization> organizations;
  RecordCounts records;
  std::vector<SourceSync> sources;
  std::string content_digest;  ///< `GenerationEncoder::content_digest`
  std::vector<ManifestFile> files;
  std::vector<Sentinel> sentinels;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// The greatest manifest that is read.
inline constexpr std::size_t kMaximumManifestOctets = std::size_t{64} * 1024 * 1024;

/// One line of JSON, and one line with its SHA-256.
[[nodiscard]] std::string encode_manifest(const Manifest& manifest);

/// Reads what `encode_manifest` wrote; `kInvalidInput` for anything else: no manifest of ours, one
/// whose checksum does not fit, and one of another schema, which is named beside ours.
[[nodiscard]] Result<Manifest> decode_manifest(std::string_view text);

}  // namespace policy
