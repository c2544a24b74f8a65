// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/sender_history.h"

#include "directory/detections/detection_counts.h"
#include "policy/detection_record/detection_record.h"
#include "policy/mail_address.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace directory {
namespace {

// What is kept of one address: enough to say that it is repeated, or a service.
constexpr std::size_t kMostDaysKept = 30;
constexpr std::size_t kMostPeopleKept = 20;

}  // namespace

void SenderHistory::see(Seen& seen, std::int64_t time) {
  seen.first = seen.times == 0 ? time : std::min(seen.first, time);
  seen.last = std::max(seen.last, time);
  ++seen.times;
  if (seen.days.size() < kMostDaysKept) {
    seen.days.insert(day_of(time));
  }
}

void SenderHistory::add(const policy::DetectionRecord& record) {
  const bool is_foreign = record.finding == "protected_name" && record.field == "from";
  if (!is_foreign || record.authenticated != "pass" || record.person.empty() ||
      record.address.empty()) {
    return;
  }
  Address& address = addresses_[{record.organization, policy::canonical_address(record.address)}];
  see(address.all, record.time);
  if (address.people.size() < kMostPeopleKept || address.people.contains(record.person)) {
    see(address.people[record.person], record.time);
  }
  if (addresses_.size() > kMostAddresses) {
    forget_seldom();
  }
}

// So many of them that it is not to be done again for a while.
void SenderHistory::forget_seldom() {
  for (std::uint64_t least = 1; addresses_.size() > kMostAddresses / 2; least *= 2) {
    std::erase_if(addresses_,
                  [&](const auto& address) { return address.second.all.times <= least; });
  }
}

void SenderHistory::forget_before(std::int64_t day) {
  std::erase_if(addresses_,
                [&](const auto& address) { return day_of(address.second.all.last) < day; });
}

bool SenderHistory::is_repeated(const Seen& seen) {
  return seen.times >= kLeastTimes && seen.days.size() >= kLeastDays;
}

Suggestion SenderHistory::suggest(const Key& key,
                                  Suggestion::Kind kind,
                                  std::vector<std::string> people,
                                  const Seen& seen) {
  return {.kind = kind,
          .organization = key.first,
          .address = key.second,
          .people = std::move(people),
          .times = seen.times,
          .days = seen.days.size(),
          .first = seen.first,
          .last = seen.last};
}

void SenderHistory::add_suggestions(const Key& key,
                                    const Address& address,
                                    std::vector<Suggestion>& suggestions) {
  if (address.people.size() >= kLeastPeople) {
    std::vector<std::string> people;
    people.reserve(address.people.size());
    for (const auto& [person, seen] : address.people) {
      people.push_back(person);
    }
    suggestions.push_back(suggest(key, Suggestion::Kind::kService, std::move(people), address.all));
    return;
  }
  for (const auto& [person, seen] : address.people) {
    if (is_repeated(seen)) {
      suggestions.push_back(suggest(key, Suggestion::Kind::kSecondaryEmail, {person}, seen));
    }
  }
}

std::vector<Suggestion> SenderHistory::suggestions(
    const std::optional<std::set<std::string, std::less<>>>& organizations) const {
  std::vector<Suggestion> suggestions;
  for (const auto& [key, address] : addresses_) {
    const bool is_asked = !organizations.has_value() || organizations->contains(key.first);
    if (is_asked && is_repeated(address.all)) {
      add_suggestions(key, address, suggestions);
    }
  }
  std::ranges::sort(suggestions, [](const Suggestion& a, const Suggestion& b) {
    return std::tie(b.times, a.organization, a.address, a.people) <
           std::tie(a.times, b.organization, b.address, b.people);
  });
  return suggestions;
}

}  // namespace directory
