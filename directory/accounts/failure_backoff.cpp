// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/failure_backoff.h"

#include "policy/ip_address.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace directory {

std::int64_t FailureBackoff::wait(std::string_view key, std::int64_t now) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || is_forgotten(*found->second, now)) {
    return 0;
  }
  return std::clamp<std::int64_t>(found->second->until - now, 0, limits_.longest);
}

void FailureBackoff::charge(std::string_view key, std::int64_t now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    if (entries_.size() >= limits_.capacity) {
      by_key_.erase(entries_.front().key);
      entries_.pop_front();
    }
    entries_.push_back({.key = std::string{key}});
    by_key_.emplace(entries_.back().key, std::prev(entries_.end()));
  } else {
    entries_.splice(entries_.end(), entries_, found->second);
  }
  Entry& entry = entries_.back();
  entry.failures = is_forgotten(entry, now) ? 1 : entry.failures + 1;
  entry.last = now;
  entry.until = now + wait_after(entry.failures);
}

void FailureBackoff::refund(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    return;
  }
  Entry& entry = *found->second;
  entry.until = 0;
  --entry.failures;
  if (entry.failures == 0) {
    clear(key);
  }
}

void FailureBackoff::clear(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    return;
  }
  const Entries::iterator entry = found->second;
  by_key_.erase(found);
  entries_.erase(entry);
}

bool FailureBackoff::is_forgotten(const Entry& entry, std::int64_t now) const {
  // A clock that was set back must shut nobody out until it has caught up.
  return now < entry.last || now - entry.last >= limits_.forgotten_after;
}

std::int64_t FailureBackoff::wait_after(std::uint64_t failures) const {
  if (failures < limits_.free) {
    return 0;
  }
  std::int64_t wait = limits_.first;
  for (std::uint64_t i = limits_.free; i < failures && wait < limits_.longest; ++i) {
    wait *= 2;
  }
  return std::min(wait, limits_.longest);
}

std::string backoff_key_of_address(std::string_view address) {
  constexpr std::size_t kNetworkOctets = 8;
  auto parsed = policy::parse_ip_address(address);
  if (!parsed.has_value()) {
    return "other";
  }
  if (!policy::is_ipv4(*parsed)) {
    std::fill(parsed->begin() + kNetworkOctets, parsed->end(), std::uint8_t{0});
  }
  return policy::ip_address_text(*parsed);
}

}  // namespace directory
