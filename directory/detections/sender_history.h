// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/detection_record.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {

/// What detections suggest; a person decides.
struct Suggestion {
  enum class Kind {
    kSecondaryEmail,  ///< the address may be the person's own
    kService,         ///< the address writes in several people's names
  };

  Kind kind = Kind::kSecondaryEmail;
  std::string organization;
  std::string address;              ///< canonical
  std::vector<std::string> people;  ///< display names, sorted; one for a secondary email
  std::uint64_t times = 0;          ///< messages whose sender was authenticated
  std::size_t days = 0;             ///< different ones on which they came, as far as counted
  std::int64_t first = 0;           ///< seconds since 1970
  std::int64_t last = 0;            ///< seconds since 1970
};

/// Addresses that show protected names, are nobody's, and keep passing authentication: forgers
/// seldom come back with the same address for days. For one thread.
class SenderHistory {
 public:
  static constexpr std::uint64_t kLeastTimes = 3;  ///< messages until an address is suggested
  static constexpr std::size_t kLeastDays = 3;     ///< different days until an address is suggested
  static constexpr std::size_t kLeastPeople = 3;   ///< shown by an address that is a service's
  /// Addresses that are remembered; of more, those seen the least are forgotten.
  static constexpr std::size_t kMostAddresses = 20'000;

  /// In any order.
  void add(const policy::DetectionRecord& record);

  /// Forgets the addresses that were not seen since this day, as in `DayCount`.
  void forget_before(std::int64_t day);

  /// Those of these organizations (absent: of all), the ones with the most messages first.
  [[nodiscard]] std::vector<Suggestion> suggestions(
      const std::optional<std::set<std::string, std::less<>>>& organizations) const;

 private:
  struct Seen {
    std::uint64_t times = 0;
    std::set<std::int64_t> days;  // some of them
    std::int64_t first = 0;
    std::int64_t last = 0;
  };

  struct Address {
    Seen all;
    std::map<std::string, Seen> people;  // some of them, by display name
  };

  using Key = std::pair<std::string, std::string>;  // organization and address

  [[nodiscard]] static Suggestion suggest(const Key& key,
                                          Suggestion::Kind kind,
                                          std::vector<std::string> people,
                                          const Seen& seen);
  static void add_suggestions(const Key& key,
                              const Address& address,
                              std::vector<Suggestion>& suggestions);
  static void see(Seen& seen, std::int64_t time);
  [[nodiscard]] static bool is_repeated(const Seen& seen);
  void forget_seldom();

  std::map<Key, Address> addresses_;
};

}  // namespace directory
