// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_counts.h"

#include "directory/detections/detection_filter.h"
#include "policy/detection_record/detection_record.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace directory {

namespace {

// `counted` has an organization and a mode.
template <typename Counted>
bool passes(const CountFilter& filter, const Counted& counted) {
  const auto& organizations = filter.organizations;
  return (!organizations.has_value() || organizations->contains(counted.organization)) &&
         (filter.organization.empty() || filter.organization == counted.organization) &&
         (filter.mode.empty() || filter.mode == counted.mode);
}

void keep_most(std::vector<RankedName>& names, std::size_t most) {
  std::ranges::sort(names, [](const RankedName& a, const RankedName& b) {
    return std::tie(b.total, a.name, a.organization) < std::tie(a.total, b.name, b.organization);
  });
  if (names.size() > most) {
    names.resize(most);
  }
}

}  // namespace

std::int64_t day_of(std::int64_t seconds) {
  return std::chrono::floor<std::chrono::days>(std::chrono::seconds{seconds}).count();
}

std::int64_t DetectionCounts::first_day(std::int64_t now) {
  return day_of(now) - static_cast<std::int64_t>(kMostDays) + 1;
}

void DetectionCounts::add(const policy::DetectionRecord& record) {
  Day& day = days_[day_of(record.time)];
  ++day.kinds[{.organization = record.organization,
               .mode = record.mode,
               .finding = record.finding,
               .disposition = record.disposition,
               .match = std::string{match_word(record)},
               .action = record.action}];
  if (!record.person.empty()) {
    ++day.people[{.organization = record.organization, .mode = record.mode, .name = record.person}];
  }
  if (!record.address.empty()) {
    ++day.senders[{
        .organization = record.organization, .mode = record.mode, .name = record.address}];
  }
  if (day.senders.size() > kMostSenders) {
    merge_seldom(day.senders);
  }
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

// Whether the name is to go; what it counts is added to those that are counted together.
bool DetectionCounts::merge_if_seldom(const Names::value_type& counted,
                                      std::uint64_t least,
                                      Names& together) {
  const auto& [name, times] = counted;
  if (name.name.empty() || times > least) {
    return false;
  }
  together[{.organization = name.organization, .mode = name.mode, .name = {}}] += times;
  return true;
}

// So many of them that it is not to be done again for a while.
void DetectionCounts::merge_seldom(Names& names) {
  Names together;
  for (std::uint64_t least = 1; least != 0 && names.size() > kMostSenders / 2; least *= 2) {
    std::erase_if(names,
                  [&](const auto& counted) { return merge_if_seldom(counted, least, together); });
  }
  for (const auto& [name, times] : together) {
    names[name] += times;
  }
}

DayCount DetectionCounts::day(const CountFilter& filter, std::int64_t day) const {
  DayCount count;
  count.day = day;
  const auto found = days_.find(day);
  if (found == days_.end()) {
    return count;
  }
  for (const auto& [kind, times] : found->second.kinds) {
    if (passes(filter, kind)) {
      count.total += times;
      count.findings[kind.finding] += times;
      count.dispositions[kind.disposition] += times;
      count.matches[kind.match] += times;
      count.actions[kind.action] += times;
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

// Adds what passes to the sums, and gives how many are not counted by name.
std::uint64_t DetectionCounts::add_names(const CountFilter& filter,
                                         const Names& names,
                                         bool by_organization,
                                         Sums& sums) {
  std::uint64_t uncounted = 0;
  for (const auto& [name, times] : names) {
    if (!passes(filter, name)) {
      continue;
    }
    if (name.name.empty()) {
      uncounted += times;
    } else {
      sums[{by_organization ? name.organization : "", name.name}] += times;
    }
  }
  return uncounted;
}

Ranking DetectionCounts::top(const CountFilter& filter,
                             std::int64_t first,
                             std::size_t number,
                             Names Day::* names,
                             bool by_organization) const {
  Ranking ranking;
  Sums sums;
  const auto end = days_.lower_bound(first + static_cast<std::int64_t>(number));
  for (auto day = days_.lower_bound(first); day != end; ++day) {
    ranking.uncounted += add_names(filter, day->second.*names, by_organization, sums);
  }
  for (const auto& [name, times] : sums) {
    ranking.names.push_back({.organization = name.first, .name = name.second, .total = times});
  }
  return ranking;
}

Ranking DetectionCounts::top_people(const CountFilter& filter,
                                    std::int64_t first,
                                    std::size_t number,
                                    std::size_t most) const {
  Ranking ranking = top(filter, first, number, &Day::people, true);
  keep_most(ranking.names, most);
  return ranking;
}

Ranking DetectionCounts::top_senders(const CountFilter& filter,
                                     std::int64_t first,
                                     std::size_t number,
                                     std::size_t most) const {
  Ranking ranking = top(filter, first, number, &Day::senders, false);
  keep_most(ranking.names, most);
  return ranking;
}

}  // namespace directory
