// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// Whether a person thinks that a finding was right. As stored: never reuse a letter.
enum class MarkVerdict : char { kRight = 'r', kWrong = 'w' };

/// `right`, `wrong`
[[nodiscard]] std::string_view word_of(MarkVerdict verdict);

/// Nothing if it is neither word.
[[nodiscard]] std::optional<MarkVerdict> mark_verdict_of(std::string_view word);

/// What a person says of a detection. The record is kept with it: the gateway keeps its own only so
/// long.
struct DetectionMark {
  /// Octets of a note at most.
  static constexpr std::size_t kMostNoteOctets = 2000;

  MarkVerdict verdict = MarkVerdict::kRight;
  std::string note;
  std::string who;
  std::int64_t time = 0;  ///< seconds since 1970
  policy::DetectionRecord record;
};

/// The mark of the detection with this id; nothing if it has none.
[[nodiscard]] policy::Result<std::optional<DetectionMark>> read_mark(const StateReader& reader,
                                                                     const policy::Ulid& id);

/// Keeps the mark in place of the one before, with its audit entry; `who` is the actor's name.
[[nodiscard]] policy::Result<void> put_mark(StateDatabase& database,
                                            const DetectionMark& mark,
                                            const Actor& actor);

/// Takes this mark back, with its audit entry.
[[nodiscard]] policy::Result<void> remove_mark(StateDatabase& database,
                                               const DetectionMark& mark,
                                               const Actor& actor);

/// Visits marks, those of the newest detections first, with ids less than `before` (absent: all);
/// false ends the visit.
[[nodiscard]] policy::Result<void> for_each_mark(
    const StateReader& reader,
    const std::optional<policy::Ulid>& before,
    const std::function<bool(const DetectionMark&)>& visit);

/// The mark as the API shows it, as JSON: verdict, note, who, time.
[[nodiscard]] std::string mark_json(const DetectionMark& mark);

}  // namespace directory
