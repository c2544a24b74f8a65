// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/dns_cache.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "policy/ip_address.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace gateway {
namespace {

std::size_t octets_of(const std::vector<std::string>& texts) {
  std::size_t octets = 0;
  for (const std::string& text : texts) {
    octets += sizeof(std::string) + text.capacity();
  }
  return octets;
}

std::size_t octets_of(const DnsQuestion& question, const DnsAnswer& answer) {
  // The name is kept twice, and list and map cost some pointers.
  constexpr std::size_t kNodes = 160;
  return kNodes + 2 * (sizeof(DnsQuestion) + question.name.capacity()) + sizeof(DnsAnswer) +
         octets_of(answer.texts) + octets_of(answer.names) +
         answer.addresses.size() * sizeof(policy::IpAddress);
}

std::chrono::seconds lifetime_of(const DnsAnswer& answer) {
  switch (answer.status) {
    case DnsStatus::kFound:
      return std::clamp(answer.lifetime, DnsCache::kLeastLifetime, DnsCache::kMostLifetime);
    case DnsStatus::kNoData:
    case DnsStatus::kNoName:
      return std::clamp(
          answer.lifetime, DnsCache::kLeastLifetime, DnsCache::kMostLifetimeOfAbsence);
    case DnsStatus::kTemporaryFailure: break;
  }
  return DnsCache::kLifetimeOfFailure;
}

}  // namespace

std::optional<DnsAnswer> DnsCache::find(const DnsQuestion& question, Time now) {
  const auto place = places_.find(question);
  if (place == places_.end()) {
    return std::nullopt;
  }
  if (place->second->good_until <= now) {
    erase(place->second);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, place->second);
  return place->second->answer;
}

void DnsCache::put(const DnsQuestion& question, const DnsAnswer& answer, Time now) {
  if (const auto known = places_.find(question); known != places_.end()) {
    erase(known->second);
  }
  const std::size_t octets = octets_of(question, answer);
  if (octets > most_octets_) {
    return;
  }
  while (octets_ + octets > most_octets_) {
    erase(std::prev(entries_.end()));
  }
  entries_.push_front({.question = question,
                       .answer = answer,
                       .good_until = now + lifetime_of(answer),
                       .octets = octets});
  places_.emplace(question, entries_.begin());
  octets_ += octets;
}

void DnsCache::erase(Entries::iterator entry) {
  octets_ -= entry->octets;
  places_.erase(entry->question);
  entries_.erase(entry);
}

}  // namespace gateway
