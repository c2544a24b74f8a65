// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/snapshot/open_generation.h"
#include "policy/guarded.h"
#include "policy/result.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace gateway {

/// The generation in force, as `current` names it on the disk.
struct CurrentLink {
  std::filesystem::path folder;  ///< the generation's folder
  /// Differs whenever another generation is named or any file of this one is replaced or written:
  /// names, sizes, inodes and times of the files, without reading them.
  std::string identity;
  /// When the publisher last found the generation to be right: the time of the link itself.
  std::chrono::system_clock::time_point confirmed;
};

/// Looks where `current` in the folder `snapshots` points; `kNotFound` if it is not there or points
/// to nothing.
[[nodiscard]] policy::Result<CurrentLink> read_current_link(const std::filesystem::path& snapshots);

/// What `SnapshotHolder::refresh` found.
enum class RefreshOutcome {
  kUnchanged,  ///< all as at the last call, be it good or bad
  kSwapped,    ///< another generation is served from now on
  kRefused,    ///< the generation in force is not to be used, which is news; see the error
  kMissing,    ///< there is no generation in force, which is news; see the error
};

struct Refresh {
  RefreshOutcome outcome = RefreshOutcome::kUnchanged;
  policy::Error error{};  ///< with kRefused and kMissing
};

/// How the generation that is served stands to the one in force.
struct SnapshotStatus {
  /// Why the generation in force is not the one that is served; nothing if it is.
  std::optional<policy::Error> trouble;
  /// When the generation that is served was last known to be right.
  std::optional<std::chrono::system_clock::time_point> confirmed;
};

/// Holds the last good generation. `refresh` is for one thread, the rest for any.
class SnapshotHolder {
 public:
  /// Serves nothing until the first `refresh`.
  explicit SnapshotHolder(std::filesystem::path snapshots) : snapshots_(std::move(snapshots)) {}

  /// The generation that is served; null if there has been no good one yet. Keep the pointer for as
  /// long as one message takes.
  [[nodiscard]] std::shared_ptr<const OpenGeneration> get() const { return served_.get(); }

  [[nodiscard]] SnapshotStatus status() const { return status_.get(); }

  /// Looks at the disk, and opens what is new there. Cheap where nothing changed; verifying a
  /// generation reads all of it. One that is damaged is not verified again until its files change;
  /// one that could not be read is tried at each call.
  [[nodiscard]] Refresh refresh();

 private:
  [[nodiscard]] Refresh note_trouble(RefreshOutcome outcome, policy::Error error);

  std::filesystem::path snapshots_;
  policy::Guarded<std::shared_ptr<const OpenGeneration>> served_;
  policy::Guarded<SnapshotStatus> status_;
  // For `refresh` alone.
  std::string served_identity_;
  std::string refused_identity_;
};

}  // namespace gateway
