// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/person.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Gathers (key, person) pairs in any order and gives them back by key, in little more memory than
/// the keys take: runs of a few MiB, sorted as soon as they are full and merged at the end.
class PostingSorter {
 public:
  explicit PostingSorter(std::size_t run_octets = kRunOctets) : run_octets_(run_octets) {}

  /// `key` is at most 65,535 octets long.
  void add(std::string_view key, PersonNumber person);

  /// Called with a key and the people under it, ascending and without duplicates.
  using Visitor = std::function<Result<void>(std::string_view, std::span<const PersonNumber>)>;

  /// Visits every key once, in the order of its octets, and ends with empty hands. Stops at the
  /// first failure and returns it.
  [[nodiscard]] Result<void> visit_sorted(const Visitor& visit);

 private:
  static constexpr std::size_t kRunOctets = std::size_t{2} * 1024 * 1024;

  void close_run();

  std::size_t run_octets_;
  std::string open_run_;
  std::vector<std::uint32_t> open_offsets_;  // where the entries of `open_run_` begin
  std::vector<std::string> runs_;            // each sorted
};

}  // namespace policy
