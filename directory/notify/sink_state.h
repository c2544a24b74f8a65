// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace directory {

/// How far the deliveries to a sink are, kept over restarts. Times are seconds since 1970.
struct SinkState {
  std::uint64_t notification = 0;  ///< number of the last one delivered or passed over
  policy::Ulid detection;          ///< id of the last one delivered or passed over
  /// The last detection of the delivery that is being tried; nil: none is. A delivery that is tried
  /// again holds what it held before.
  policy::Ulid batch_end;
  std::uint64_t batch_size = 0;  ///< detections of that delivery
  std::uint64_t skipped = 0;     ///< dropped undelivered in all
  std::uint64_t unreported = 0;  ///< of these, what the receiver was not told of yet
  std::int64_t last_success = 0;
  std::int64_t last_failure = 0;
  std::string last_error;            ///< empty if the last attempt worked
  std::int64_t digest = 0;           ///< when the last digest was due
  bool takes_notifications = false;  ///< as the settings said when it was last begun
  bool takes_detections = false;
  bool is_failing_told = false;  ///< a notification says that it fails

  friend bool operator==(const SinkState&, const SinkState&) = default;
};

/// The state of the sink of this name; nothing if it is not known yet.
[[nodiscard]] policy::Result<std::optional<SinkState>> read_sink_state(const StateReader& reader,
                                                                       const std::string& name);

[[nodiscard]] policy::Result<void> write_sink_state(StateDatabase& database,
                                                    const std::string& name,
                                                    const SinkState& state);

}  // namespace directory
