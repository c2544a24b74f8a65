// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_counts.h"

#include "policy/detection_record/detection_record.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace directory {

std::int64_t day_of(std::int64_t seconds) {
  return std::chrono::floor<std::chrono::days>(std::chrono::seconds{seconds}).count();
}

std::int64_t DetectionCounts::first_day(std::int64_t now) {
  return day_of(now) - static_cast<std::int64_t>(kMostDays) + 1;
}

void DetectionCounts::add(const policy::DetectionRecord& record) {
  const Kind kind{.organization = record.organization,
                  .mode = record.mode,
                  .finding = record.finding,
                  .disposition = record.disposition};
  ++days_[day_of(record.time)][kind];
  std::int64_t& newest = newest_[record.organization];
  newest = std::max(newest, record.time);
}

void DetectionCounts::forget_before(std::int64_t day) {
  days_.erase(days_.begin(), days_.lower_bound(day));
}

std::int64_t DetectionCounts::newest(
    const std::optional<std::set<std::string, std::less<>>>& organizations) const {
  std::int64_t newest = 0;
  for (const auto& [organization, time] : newest_) {
    if (!organizations.has_value() || organizations->contains(organization)) {
      newest = std::max(newest, time);
    }
  }
  return newest;
}

bool DetectionCounts::passes(const CountFilter& filter, const Kind& kind) {
  const auto& organizations = filter.organizations;
  return (!organizations.has_value() || organizations->contains(kind.organization)) &&
         (filter.organization.empty() || filter.organization == kind.organization) &&
         (filter.mode.empty() || filter.mode == kind.mode);
}

DayCount DetectionCounts::day(const CountFilter& filter, std::int64_t day) const {
  DayCount count;
  count.day = day;
  const auto found = days_.find(day);
  if (found == days_.end()) {
    return count;
  }
  for (const auto& [kind, times] : found->second) {
    if (passes(filter, kind)) {
      count.total += times;
      count.findings[kind.finding] += times;
      count.dispositions[kind.disposition] += times;
    }
  }
  return count;
}

std::vector<DayCount> DetectionCounts::days(const CountFilter& filter,
                                            std::int64_t first,
                                            std::size_t number) const {
  std::vector<DayCount> counts;
  counts.reserve(number);
  for (std::size_t i = 0; i < number; ++i) {
    counts.push_back(day(filter, first + static_cast<std::int64_t>(i)));
  }
  return counts;
}

}  // namespace directory
