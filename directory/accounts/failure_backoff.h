// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace directory {

/// Makes those wait who fail again and again, by a key such as an address. In memory alone and
/// bounded: of too many keys the one that has not failed for longest is forgotten, so that nobody
/// is ever shut out because others fail. Times are seconds since 1970. To be used on one thread.
///
/// An attempt is charged before it is known how it ends, so that many at once gain nothing.
class FailureBackoff {
 public:
  struct Limits {
    unsigned free = 5;                    ///< failures before the first wait
    std::int64_t first = 1;               ///< seconds of the first wait; each is twice the last
    std::int64_t longest = 900;           ///< seconds
    std::int64_t forgotten_after = 3600;  ///< seconds without failure
    std::size_t capacity = 10'000;        ///< keys
  };

  explicit FailureBackoff(const Limits& limits) : limits_(limits) {}

  FailureBackoff() : FailureBackoff(Limits{}) {}

  /// Seconds until the key may try again; 0: now.
  [[nodiscard]] std::int64_t wait(std::string_view key, std::int64_t now) const;

  /// Counts an attempt as a failure.
  void charge(std::string_view key, std::int64_t now);

  /// The last charge was for none: it is taken back, with its wait.
  void refund(std::string_view key);

  /// Forgets all failures of the key.
  void clear(std::string_view key);

  /// Keys that are remembered.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    std::uint64_t failures = 0;
    std::int64_t last = 0;
    std::int64_t until = 0;
  };

  using Entries = std::list<Entry>;

  [[nodiscard]] bool is_forgotten(const Entry& entry, std::int64_t now) const;
  [[nodiscard]] std::int64_t wait_after(std::uint64_t failures) const;

  Limits limits_;
  Entries entries_;  // the last that failed comes last
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // views of the entries' keys
};

/// The key for a client's address: an IPv4 address, or the /64 of an IPv6 one, which is what one
/// client has. All texts that are no address share a key.
[[nodiscard]] std::string backoff_key_of_address(std::string_view address);

}  // namespace directory
