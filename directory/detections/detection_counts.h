// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/detection_record.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace directory {

/// Which detections are counted together. What is empty or absent does not narrow.
struct CountFilter {
  /// The organizations that whoever asks may see; absent: all of them.
  std::optional<std::set<std::string, std::less<>>> organizations;
  std::string organization;
  std::string mode;  ///< `monitor` or `enforce`
};

/// How many detections there were on one day.
struct DayCount {
  std::int64_t day = 0;  ///< days since 1970-01-01, UTC
  std::uint64_t total = 0;
  std::map<std::string, std::uint64_t> findings;      ///< by their words; none is 0
  std::map<std::string, std::uint64_t> dispositions;  ///< by their words; none is 0
};

/// The day of a time in seconds since 1970, as in `DayCount`.
[[nodiscard]] std::int64_t day_of(std::int64_t seconds);

/// Detections counted by day and by what they are, so that nobody has to read them again for a
/// number. Its size goes with the days and the kinds there are, not with the detections.
class DetectionCounts {
 public:
  /// Days that are kept, the present one included.
  static constexpr std::size_t kMostDays = 90;

  /// The first of the days that are kept at this time, in seconds since 1970.
  [[nodiscard]] static std::int64_t first_day(std::int64_t now);

  void add(const policy::DetectionRecord& record);

  /// Drops the days before this one.
  void forget_before(std::int64_t day);

  /// The time of the newest detection of these organizations (absent: of all), in seconds since
  /// 1970; 0 if none was added.
  [[nodiscard]] std::int64_t newest(
      const std::optional<std::set<std::string, std::less<>>>& organizations) const;

  /// `number` days from `first` on, those without a detection too.
  [[nodiscard]] std::vector<DayCount> days(const CountFilter& filter,
                                           std::int64_t first,
                                           std::size_t number) const;

 private:
  struct Kind {
    std::string organization;
    std::string mode;
    std::string finding;
    std::string disposition;

    friend auto operator<=>(const Kind&, const Kind&) = default;
  };

  [[nodiscard]] DayCount day(const CountFilter& filter, std::int64_t day) const;
  [[nodiscard]] static bool passes(const CountFilter& filter, const Kind& kind);

  std::map<std::int64_t, std::map<Kind, std::uint64_t>> days_;
  std::map<std::string, std::int64_t> newest_;  // by organization
};

}  // namespace directory
