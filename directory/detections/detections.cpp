// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detections.h"

#include "directory/detections/detection_counts.h"
#include "directory/detections/detection_filter.h"
#include "directory/detections/secondary_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::DetectionRecord;
using policy::Result;
using policy::Ulid;

// Nothing if the record is damaged, or is not the one that its key says.
std::optional<DetectionRecord> record_of(std::string_view key, std::string_view value) {
  auto record = policy::decode_detection(value);
  if (!record.has_value() || record->id.text() != key) {
    return std::nullopt;
  }
  return *std::move(record);
}

constexpr std::int64_t kMilliseconds = 1000;  // of a second

Ulid first_of_second(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kMilliseconds;
  return Ulid::first_of(std::clamp(seconds, std::int64_t{0}, kMost) * kMilliseconds);
}

std::string key_before(const Ulid& id) {
  return id.is_nil() ? "" : id.text();
}

}  // namespace

// Fills one page, record by record, the newest first.
class Detections::PageFiller {
 public:
  PageFiller(DetectionFilter filter, const DetectionRange& range)
      : after_(range.after),
        since_(first_of_second(filter.since.value_or(0))),
        limit_(range.limit),
        filter_(filter),
        sieve_(std::move(filter)) {}

  // False once the page is done.
  bool take(std::string_view key, std::string_view value) {
    const std::optional<Ulid> id = Ulid::parse(key);
    if (id.has_value() && is_before_all(*id)) {
      is_done_ = true;
      return false;
    }
    if (page_.records.size() == limit_ || scanned_ == Detections::kMostScanned) {
      page_.next = last_;
      is_done_ = true;
      return false;
    }
    ++scanned_;
    last_ = id.value_or(last_);
    auto record = record_of(key, value);
    if (!record.has_value()) {
      ++page_.damaged;
    } else if (sieve_.passes(*record)) {
      page_.records.push_back(*std::move(record));
    }
    return true;
  }

  [[nodiscard]] bool is_done() const { return is_done_; }

  // Ids that are wanted are greater than this one.
  [[nodiscard]] const Ulid& after() const { return after_; }

  // Whether neither this id nor a lesser one is wanted.
  [[nodiscard]] bool is_before_all(const Ulid& id) const { return id <= after_ || id < since_; }

  [[nodiscard]] const DetectionFilter& filter() const { return filter_; }

  [[nodiscard]] DetectionPage page() && { return std::move(page_); }

 private:
  Ulid after_;
  Ulid since_;
  std::size_t limit_;
  DetectionFilter filter_;
  DetectionSieve sieve_;
  DetectionPage page_;
  std::size_t scanned_ = 0;
  Ulid last_;  // that was looked at
  bool is_done_ = false;
};

Result<void> Detections::catch_up() {
  auto followed = follow();
  if (!followed.has_value()) {
    database_.reset();
    return followed;
  }
  if (!told_.has_value()) {
    const auto last = newest();
    if (!last.has_value()) {
      return std::unexpected{last.error()};
    }
    told_ = *last;
  }
  if (database_ != nullptr && !taken_from_.has_value()) {
    // Those that were told of are older ones now, and those to come are taken as they are told.
    taken_from_ = told_->next().text();
  }
  return tell_news();
}

Result<void> Detections::follow() {
  if (database_ != nullptr && !database_->is_in_place()) {
    database_.reset();
    forget_all();
  }
  if (database_ != nullptr) {
    return database_->catch_up();
  }
  if (!SecondaryDatabase::is_there(folder_)) {
    return {};
  }
  auto opened = SecondaryDatabase::open(folder_, own_);
  if (!opened.has_value()) {
    return std::unexpected{std::move(opened).error()};
  }
  database_ = *std::move(opened);
  if (is_another_database()) {
    forget_all();
  }
  return {};
}

// Whether the database that was opened is not the one that was taken from so far: it lacks the
// last record of that.
bool Detections::is_another_database() const {
  const Ulid last = index_.newest();
  if (last.is_nil()) {
    return taken_from_.has_value();
  }
  const auto found = database_->get(last.text());
  return found.has_value() && !found->has_value();
}

void Detections::forget_all() {
  counts_ = {};
  senders_ = {};
  index_ = {};
  taken_from_.reset();
  are_counts_whole_ = false;
  are_all_taken_ = false;
}

Result<Ulid> Detections::newest() const {
  Ulid newest;
  if (database_ == nullptr) {
    return newest;
  }
  const auto visited =
      database_->for_each_before("", [&](std::string_view key, std::string_view /*value*/) {
        newest = Ulid::parse(key).value_or(Ulid{});
        return newest.is_nil();
      });
  if (!visited.has_value()) {
    return std::unexpected{visited.error()};
  }
  return newest;
}

Result<void> Detections::tell_news() {
  if (database_ == nullptr || !told_.has_value()) {
    return {};
  }
  std::size_t seen = 0;
  Ulid last = *told_;
  auto visited =
      database_->for_each_after(last.text(), [&](std::string_view key, std::string_view value) {
        const std::optional<Ulid> id = Ulid::parse(key);
        if (id.has_value()) {
          last = *id;
          tell(key, value);
        }
        return ++seen < kMostTold;
      });
  told_ = last;
  return visited;
}

void Detections::tell(std::string_view key, std::string_view value) {
  const auto record = record_of(key, value);
  if (!record.has_value()) {
    ++damaged_;
    if (const std::optional<Ulid> id = Ulid::parse(key); id.has_value()) {
      index_.add_unreadable(*id);
    }
    return;
  }
  take(*record, day_of(record->time));
  if (listener_ != nullptr) {
    listener_(*record);
  }
}

void Detections::take(const DetectionRecord& record, std::int64_t first_day) {
  index_.add(record);
  if (day_of(record.time) >= first_day) {
    counts_.add(record);
    senders_.add(record);
  }
}

// The oldest that there are may be none that are indexed yet.
void Detections::forget_removed(std::int64_t first_day) {
  counts_.forget_before(first_day);
  senders_.forget_before(first_day);
  if (database_ == nullptr) {
    return;
  }
  Ulid oldest;
  const auto visited =
      database_->for_each_after("", [&](std::string_view key, std::string_view /*value*/) {
        oldest = Ulid::parse(key).value_or(Ulid{});
        return oldest.is_nil();
      });
  if (visited.has_value() && !oldest.is_nil()) {
    index_.forget_before(oldest);
  }
}

Result<bool> Detections::take_older(std::int64_t now) {
  const std::int64_t first_day = DetectionCounts::first_day(now);
  forget_removed(first_day);
  if (database_ == nullptr || !taken_from_.has_value() || are_all_taken_) {
    return false;
  }
  std::size_t taken = 0;
  std::string from = *taken_from_;
  bool is_more = false;
  const auto take_one = [&](std::string_view key, std::string_view value) {
    const std::optional<Ulid> id = Ulid::parse(key);
    if (id.has_value() && day_of(id->milliseconds() / kMilliseconds) < first_day) {
      are_counts_whole_ = true;
    }
    is_more = taken == kMostTaken;
    if (is_more || (are_counts_whole_ && index_.is_full())) {
      return false;
    }
    ++taken;
    from = key;
    const std::optional<DetectionRecord> record = record_of(key, value);
    if (record.has_value()) {
      take(*record, first_day);
    } else if (id.has_value()) {
      index_.add_unreadable(*id);
    }
    return true;
  };
  const auto visited = database_->for_each_before(*taken_from_, take_one);
  taken_from_ = std::move(from);
  if (!visited.has_value()) {
    return std::unexpected{visited.error()};
  }
  are_all_taken_ = !is_more;
  are_counts_whole_ = are_counts_whole_ || are_all_taken_;
  return is_more;
}

Result<std::optional<DetectionRecord>> Detections::find(const Ulid& id) const {
  if (database_ == nullptr) {
    return std::nullopt;
  }
  const std::string key = id.text();
  const auto value = database_->get(key);
  if (!value.has_value()) {
    return std::unexpected{value.error()};
  }
  const std::optional<std::string>& found = *value;
  return found.has_value() ? record_of(key, *found) : std::nullopt;
}

// Reads every record with an id less than `before` (nil: from the newest) and greater than `after`.
Result<void> Detections::scan(PageFiller& filler, const Ulid& before, const Ulid& after) const {
  return database_->for_each_before(
      key_before(before), [&](std::string_view key, std::string_view value) {
        const std::optional<Ulid> id = Ulid::parse(key);
        return (!id.has_value() || *id > after) && filler.take(key, value);
      });
}

// Those that are newer than the index, those that are indexed, and those that are older than it.
Result<void> Detections::fill(PageFiller& filler, const Ulid& before) const {
  const Ulid newest = index_.newest();
  const Ulid oldest = index_.oldest();
  if (before.is_nil() || before > newest) {
    auto scanned = scan(filler, before, newest);
    if (!scanned.has_value() || newest.is_nil()) {
      return scanned;
    }
  }
  Result<void> read;
  const auto take_candidate = [&](const Ulid& id) {
    const std::string key = id.text();
    const auto value = database_->get(key);
    if (!value.has_value()) {
      read = std::unexpected{value.error()};
      return false;
    }
    const std::optional<std::string>& octets = *value;
    return !octets.has_value() || filler.take(key, *octets);
  };
  if (!filler.is_done()) {
    index_.for_each_candidate(filler.filter(), before, filler.after(), take_candidate);
  }
  if (!read.has_value() || filler.is_done() || filler.is_before_all(oldest)) {
    return read;
  }
  const bool is_beyond = !before.is_nil() && before < oldest;
  return scan(filler, is_beyond ? before : oldest, Ulid{});
}

Result<void> Detections::for_each_after(
    const Ulid& after, const std::function<bool(const DetectionRecord&)>& visit) const {
  if (database_ == nullptr) {
    return {};
  }
  return database_->for_each_after(after.text(), [&](std::string_view key, std::string_view value) {
    const std::optional<DetectionRecord> record = record_of(key, value);
    return !record.has_value() || visit(*record);
  });
}

Result<DetectionPage> Detections::list(DetectionFilter filter, const DetectionRange& range) const {
  if (database_ == nullptr) {
    return DetectionPage{};
  }
  const auto last = newest();
  if (!last.has_value()) {
    return std::unexpected{last.error()};
  }
  Ulid before = range.before.value_or(Ulid{});
  if (filter.until.has_value()) {
    // Nil would stand for none.
    const Ulid until = std::max(first_of_second(*filter.until), Ulid{0, 1});
    before = before.is_nil() ? until : std::min(before, until);
  }
  PageFiller filler{std::move(filter), range};
  const auto filled = fill(filler, before);
  if (!filled.has_value()) {
    return std::unexpected{filled.error()};
  }
  DetectionPage page = std::move(filler).page();
  page.newest = *last;
  return page;
}

}  // namespace directory
