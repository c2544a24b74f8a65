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
#include <utility>
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
  std::map<std::string, std::uint64_t> matches;       ///< by their words, `none` too; none is 0
  std::map<std::string, std::uint64_t> actions;       ///< by their words; none is 0
};

/// Somebody with how many detections there were.
struct RankedName {
  std::string organization;  ///< empty where all are counted together
  std::string name;          ///< a person's display name, or an address
  std::uint64_t total = 0;

  friend bool operator==(const RankedName&, const RankedName&) = default;
};

/// Those with the most detections, the most first.
struct Ranking {
  std::vector<RankedName> names;
  /// Detections of names that were seen too seldom on a day with too many of them, and are not
  /// counted by name.
  std::uint64_t uncounted = 0;
};

/// The day of a time in seconds since 1970, as in `DayCount`.
[[nodiscard]] std::int64_t day_of(std::int64_t seconds);

/// Detections counted by day and by what they are, so that nobody has to read them again for a
/// number. Its size goes with the days, and with the people and the kinds there are, not with the
/// detections.
class DetectionCounts {
 public:
  /// Days that are kept, the present one included.
  static constexpr std::size_t kMostDays = 90;
  /// Senders that are counted by name on one day. Whoever sends from ever new addresses must not
  /// fill the memory: of more, those seen the least are counted together.
  static constexpr std::size_t kMostSenders = 2000;

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

  /// The protected people of most detections in `number` days from `first` on, `most` of them.
  [[nodiscard]] Ranking top_people(const CountFilter& filter,
                                   std::int64_t first,
                                   std::size_t number,
                                   std::size_t most) const;

  /// The addresses that protected names were shown with, likewise, of all organizations together.
  [[nodiscard]] Ranking top_senders(const CountFilter& filter,
                                    std::int64_t first,
                                    std::size_t number,
                                    std::size_t most) const;

 private:
  struct Kind {
    std::string organization;
    std::string mode;
    std::string finding;
    std::string disposition;
    std::string match;
    std::string action;

    friend auto operator<=>(const Kind&, const Kind&) = default;
  };

  struct Name {
    std::string organization;
    std::string mode;
    std::string name;  // empty: those that are counted together

    friend auto operator<=>(const Name&, const Name&) = default;
  };

  using Names = std::map<Name, std::uint64_t>;

  struct Day {
    std::map<Kind, std::uint64_t> kinds;
    Names people;
    Names senders;
  };

  // By organization, if they are told apart, and name.
  using Sums = std::map<std::pair<std::string, std::string>, std::uint64_t>;

  [[nodiscard]] static bool merge_if_seldom(const Names::value_type& counted,
                                            std::uint64_t least,
                                            Names& together);
  static void merge_seldom(Names& names);
  [[nodiscard]] static std::uint64_t add_names(const CountFilter& filter,
                                               const Names& names,
                                               bool by_organization,
                                               Sums& sums);
  [[nodiscard]] Ranking top(const CountFilter& filter,
                            std::int64_t first,
                            std::size_t number,
                            Names Day::* names,
                            bool by_organization) const;

  [[nodiscard]] DayCount day(const CountFilter& filter, std::int64_t day) const;

  std::map<std::int64_t, Day> days_;
  std::map<std::string, std::int64_t> newest_;  // by organization
};

}  // namespace directory
