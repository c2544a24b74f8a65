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

// Fills one page, record by record, the newest first.
class PageFiller {
 public:
  PageFiller(DetectionFilter filter, const DetectionRange& range)
      : since_(first_of_second(filter.since.value_or(0))),
        after_(range.after),
        limit_(range.limit),
        sieve_(std::move(filter)) {}

  // False once the page is done.
  bool take(std::string_view key, std::string_view value) {
    const std::optional<Ulid> id = Ulid::parse(key);
    if (id.has_value() && (*id <= after_ || *id < since_)) {
      return false;
    }
    if (page_.records.size() == limit_ || scanned_ == Detections::kMostScanned) {
      page_.next = last_;
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

  [[nodiscard]] DetectionPage page() && { return std::move(page_); }

 private:
  Ulid since_;
  Ulid after_;
  std::size_t limit_;
  DetectionSieve sieve_;
  DetectionPage page_;
  std::size_t scanned_ = 0;
  Ulid last_;  // that was looked at
};

}  // namespace

Result<void> Detections::catch_up() {
  auto followed = follow();
  if (!followed.has_value()) {
    close();
    return followed;
  }
  if (!told_.has_value()) {
    const auto last = newest();
    if (!last.has_value()) {
      return std::unexpected{last.error()};
    }
    told_ = *last;
  }
  if (database_ != nullptr && !counted_from_.has_value()) {
    // Those that were told of are older ones now, and those to come are counted as they are told.
    counted_from_ = told_->next().text();
  }
  return tell_news();
}

Result<void> Detections::follow() {
  if (database_ != nullptr && !database_->is_in_place()) {
    close();
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
  return {};
}

// What is opened next may be another database than the one that was counted.
void Detections::close() {
  database_.reset();
  counts_ = {};
  counted_from_.reset();
  are_counts_whole_ = false;
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
    return;
  }
  counts_.add(*record);
  if (listener_ != nullptr) {
    listener_(*record);
  }
}

Result<bool> Detections::count_older(std::int64_t now) {
  const std::int64_t first_day = DetectionCounts::first_day(now);
  counts_.forget_before(first_day);
  if (database_ == nullptr || !counted_from_.has_value() || are_counts_whole_) {
    return false;
  }
  std::size_t counted = 0;
  std::string from = *counted_from_;
  bool is_more = false;
  const auto count = [&](std::string_view key, std::string_view value) {
    const std::optional<Ulid> id = Ulid::parse(key);
    if (id.has_value() && day_of(id->milliseconds() / kMilliseconds) < first_day) {
      return false;
    }
    if (counted == kMostCounted) {
      is_more = true;
      return false;
    }
    ++counted;
    from = key;
    if (const auto record = record_of(key, value); record.has_value()) {
      counts_.add(*record);
    }
    return true;
  };
  const auto visited = database_->for_each_before(*counted_from_, count);
  counted_from_ = std::move(from);
  if (!visited.has_value()) {
    return std::unexpected{visited.error()};
  }
  are_counts_whole_ = !is_more;
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
  std::optional<Ulid> before = range.before;
  if (filter.until.has_value()) {
    const Ulid until = first_of_second(*filter.until);
    before = std::min(before.value_or(until), until);
  }
  const std::string begin = before.has_value() ? before->text() : "";
  PageFiller filler{std::move(filter), range};
  const auto visited = database_->for_each_before(
      begin, [&](std::string_view key, std::string_view value) { return filler.take(key, value); });
  if (!visited.has_value()) {
    return std::unexpected{visited.error()};
  }
  DetectionPage page = std::move(filler).page();
  page.newest = *last;
  return page;
}

}  // namespace directory
