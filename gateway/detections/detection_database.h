// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace gateway {

/// How long detections are kept, and how much room they may take.
struct DetectionRetention {
  static constexpr std::uint64_t kLeastOctets = std::uint64_t{64} * 1024 * 1024;

  std::chrono::milliseconds age = std::chrono::days{90};  ///< older ones go within an hour
  /// Of all files of the database together, at least `kLeastOctets`. The oldest records go before
  /// it is reached.
  std::uint64_t octets = std::uint64_t{1} << 30U;
};

/// What `DetectionDatabase::remove_old` did.
struct DetectionRemoval {
  policy::Ulid before;  ///< records with lesser ids are gone; nil if none was removed
  /// There was no room for them: they were younger than the age to which they are kept.
  bool is_early = false;
};

/// The gateway's own database of detections: encoded records by the text of their id, so that their
/// order is time. One process alone has it open; others may read it as RocksDB secondaries. For one
/// thread.
class DetectionDatabase {
 public:
  /// Opens or makes the database. A folder that is made gets mode 0750, so that its group may read
  /// it; one that is there keeps its mode. `kUnavailable` if it cannot be opened now.
  [[nodiscard]] static policy::Result<std::unique_ptr<DetectionDatabase>> open(
      const std::filesystem::path& folder, const DetectionRetention& retention = {});

  DetectionDatabase(const DetectionDatabase&) = delete;
  DetectionDatabase& operator=(const DetectionDatabase&) = delete;
  DetectionDatabase(DetectionDatabase&&) = delete;
  DetectionDatabase& operator=(DetectionDatabase&&) = delete;
  ~DetectionDatabase();

  /// Writes all of them or none. They outlive the process, not a loss of power within the next
  /// seconds: a finding is in the log too, and a disk is not made to wait for each.
  [[nodiscard]] policy::Result<void> write(std::span<const policy::DetectionRecord> records);

  /// Removes the records that are too old at `now`, in milliseconds since 1970, and the oldest ones
  /// if the database has nearly the size that it may have. To be called often enough: now and then,
  /// and after each MiB or so that was written.
  [[nodiscard]] policy::Result<DetectionRemoval> remove_old(std::int64_t now);

  /// What its files take together, in octets.
  [[nodiscard]] std::uint64_t octets() const;

  /// The greatest id there is; nil if there is none.
  [[nodiscard]] policy::Ulid last_id() const { return last_id_; }

  /// Whether the folder is still the one that was opened: what is written into a folder that
  /// somebody has removed is lost without an error.
  [[nodiscard]] bool is_in_place() const;

 private:
  [[nodiscard]] policy::Result<void> remove_before(const policy::Ulid& id);

  struct State;
  DetectionDatabase(std::unique_ptr<State> state, policy::Ulid last_id);

  std::unique_ptr<State> state_;
  policy::Ulid last_id_;
};

}  // namespace gateway
