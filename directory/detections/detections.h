// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detection_counts.h"
#include "directory/detections/detection_filter.h"
#include "directory/detections/detection_index.h"
#include "directory/detections/secondary_database.h"
#include "directory/detections/sender_history.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// Where a page of detections begins and ends.
struct DetectionRange {
  std::optional<policy::Ulid> before;  ///< those with a lesser id; absent: from the newest
  policy::Ulid after;                  ///< those with a greater id; nil: to the oldest
  std::size_t limit = 50;              ///< records at most
};

/// Some detections, the newest first.
struct DetectionPage {
  std::vector<policy::DetectionRecord> records;
  /// What `before` of the next page is; absent if this was the last. A page may be short, even
  /// empty, and have a next one: only so many records are looked at for each.
  std::optional<policy::Ulid> next;
  policy::Ulid newest;        ///< of all there are, whatever the filter; nil if there is none
  std::uint64_t damaged = 0;  ///< records that could not be read and are left out
};

/// The detections of the gateway, read from its database while it writes. For the daemon's thread.
class Detections {
 public:
  /// Records that are read for one page: a tenth of a second in which the thread does nothing
  /// else. Those that the index rules out are not read.
  static constexpr std::size_t kMostScanned = 3'000;
  /// New records that are told of in one `catch_up`.
  static constexpr std::size_t kMostTold = 1000;
  /// Older records that are taken in one `take_older`.
  static constexpr std::size_t kMostTaken = 500;

  using Listener = std::function<void(const policy::DetectionRecord&)>;

  /// `folder` is the gateway's; it need not be there yet. `own` is a folder for this daemon's use.
  Detections(std::filesystem::path folder, std::filesystem::path own)
      : folder_(std::move(folder)), own_(std::move(own)) {}

  /// Who is told of each new record, in their order; those that were there at the first `catch_up`
  /// are not new.
  void listen(Listener listener) { listener_ = std::move(listener); }

  /// Takes what the gateway has written since. That there is no database is no failure.
  /// `kUnavailable` if there is one that cannot be read; the next call tries again.
  [[nodiscard]] policy::Result<void> catch_up();

  /// Indexes some of the records that were there when the database was opened, the newest first,
  /// and counts those of the days that are counted at `now`, in seconds since 1970; new ones are
  /// taken as they come. Forgets what the gateway has removed. True while there are more of them.
  [[nodiscard]] policy::Result<bool> take_older(std::int64_t now);

  /// How many there were on each day.
  [[nodiscard]] const DetectionCounts& counts() const { return counts_; }

  /// Who keeps sending under protected names and passes authentication.
  [[nodiscard]] const SenderHistory& senders() const { return senders_; }

  /// Whether the counts of all days are whole; while not, earlier days have too few.
  [[nodiscard]] bool are_counts_whole() const { return database_ == nullptr || are_counts_whole_; }

  /// The record with this id, as of the last `catch_up`; nothing if there is none.
  [[nodiscard]] policy::Result<std::optional<policy::DetectionRecord>> find(
      const policy::Ulid& id) const;

  /// A page of the records that pass the filter, as of the last `catch_up`. Times are those of the
  /// ids.
  [[nodiscard]] policy::Result<DetectionPage> list(DetectionFilter filter,
                                                   const DetectionRange& range) const;

  /// Visits the records with ids greater than this, the oldest first, as of the last `catch_up`;
  /// false ends the visit. Damaged ones are left out.
  [[nodiscard]] policy::Result<void> for_each_after(
      const policy::Ulid& after,
      const std::function<bool(const policy::DetectionRecord&)>& visit) const;

  /// Whether there is a database that can be read.
  [[nodiscard]] bool is_reading() const { return database_ != nullptr; }

  /// Damaged records that `catch_up` has come upon.
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }

 private:
  [[nodiscard]] policy::Result<void> follow();
  [[nodiscard]] policy::Result<policy::Ulid> newest() const;
  [[nodiscard]] policy::Result<void> tell_news();
  void tell(std::string_view key, std::string_view value);
  void take(const policy::DetectionRecord& record, std::int64_t first_day);
  void forget_removed(std::int64_t first_day);
  [[nodiscard]] bool is_another_database() const;
  void forget_all();
  class PageFiller;
  [[nodiscard]] policy::Result<void> fill(PageFiller& filler, const policy::Ulid& before) const;
  [[nodiscard]] policy::Result<void> scan(PageFiller& filler,
                                          const policy::Ulid& before,
                                          const policy::Ulid& after) const;

  std::filesystem::path folder_;
  std::filesystem::path own_;
  Listener listener_;
  std::unique_ptr<SecondaryDatabase> database_;  // null: not open
  std::optional<policy::Ulid> told_;             // up to which id; absent before the first look
  std::uint64_t damaged_ = 0;
  DetectionCounts counts_;
  SenderHistory senders_;
  DetectionIndex index_;
  std::optional<std::string> taken_from_;  // from which key on all are taken; absent: none is
  bool are_counts_whole_ = false;
  bool are_all_taken_ = false;  // there is none older, or no room in the index
};

}  // namespace directory
