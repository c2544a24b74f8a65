// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detections.h"
#include "directory/notify/sink_state.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace directory {

/// The notifications that say that a sink fails: `what` of each.
inline constexpr const char* kSinkFailing = "sink_failing";
inline constexpr const char* kSinkGone = "sink_gone";

/// Their texts, by which they are told from those of other sinks.
[[nodiscard]] std::string failing_text(const std::string& sink);
[[nodiscard]] std::string gone_text(const std::string& sink);

/// What waits for one sink. Nothing of it is in memory: it is read of the stores, from where the
/// sink's state says.
class Backlog {
 public:
  /// Detections of one delivery at most, and octets of their records.
  static constexpr std::size_t kMostDetections = 100;
  static constexpr std::size_t kMostOctets = std::size_t{512} * 1024;

  struct Parts {
    const Records* records = nullptr;
    const Detections* detections = nullptr;  ///< null: they are not read, or not sent
    std::string sink;
    SinkScope scope;
    bool takes_notifications = true;
  };

  explicit Backlog(Parts parts) : parts_(std::move(parts)) {}

  /// Begins deliveries at this time, in seconds since 1970: what the sink did not take before, it
  /// gets from now on.
  [[nodiscard]] policy::Result<void> begin(SinkState& state, std::int64_t now) const;

  /// The oldest notifications that wait, so many at most. Moves `state` over what the sink does not
  /// get, and counts what was dropped meanwhile.
  [[nodiscard]] policy::Result<std::vector<Notification>> notifications(SinkState& state,
                                                                        std::size_t most) const;

  /// The detections of the next delivery, the oldest first. Moves `state` over what the sink does
  /// not get, and notes in it where the delivery ends; a delivery that is noted there is given
  /// again.
  [[nodiscard]] policy::Result<std::vector<policy::DetectionRecord>> detections(
      SinkState& state) const;

  /// How many wait, counted up to `most`.
  [[nodiscard]] policy::Result<std::uint64_t> waiting(const SinkState& state,
                                                      std::uint64_t most) const;

 private:
  [[nodiscard]] bool wants(const Notification& notification) const;
  [[nodiscard]] bool wants(const policy::DetectionRecord& record) const;

  Parts parts_;
};

}  // namespace directory
