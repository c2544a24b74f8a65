// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>

namespace gateway {

/// Answers that are still good, by question; the least recently used goes when the space is full.
/// Not thread-safe.
class DnsCache {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Between these an answer lives as long as DNS says. The floor keeps a record of TTL 0 from being
  // asked for again and again while one message is judged; the ceiling lets a mended record in.
  static constexpr std::chrono::seconds kLeastLifetime{10};
  static constexpr std::chrono::seconds kMostLifetime{3600};
  static constexpr std::chrono::seconds kMostLifetimeOfAbsence{900};
  /// A failure is kept just long enough for the questions that a burst of mail repeats.
  static constexpr std::chrono::seconds kLifetimeOfFailure{2};

  /// `octets` bounds the memory of what is kept, roughly.
  explicit DnsCache(std::size_t octets) : most_octets_(octets) {}

  [[nodiscard]] std::optional<DnsAnswer> find(const DnsQuestion& question, Time now);

  void put(const DnsQuestion& question, const DnsAnswer& answer, Time now);

  [[nodiscard]] std::size_t size() const { return places_.size(); }

  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  struct Entry {
    DnsQuestion question;
    DnsAnswer answer;
    Time good_until;
    std::size_t octets = 0;
  };

  using Entries = std::list<Entry>;  // the most recently used first

  void erase(Entries::iterator entry);

  std::size_t most_octets_;
  std::size_t octets_ = 0;
  Entries entries_;
  std::map<DnsQuestion, Entries::iterator> places_;
};

}  // namespace gateway
