// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Remembers the addresses of many rows in little memory, to find those that come twice.
class EmailIndex {
 public:
  void add(std::string_view email, std::uint64_t line);

  /// Calls `report` with each repeated address, the line of the repetition and that of the first.
  void for_each_repeated(
      const std::function<void(std::string_view, std::uint64_t, std::uint64_t)>& report);

 private:
  struct Entry {
    std::uint64_t offset;
    std::uint32_t size;
    std::uint32_t line;  // a file of 8 GiB can have more rows than that only if they are all bad
  };

  [[nodiscard]] std::string_view email(const Entry& entry) const {
    return std::string_view{emails_}.substr(entry.offset, entry.size);
  }

  std::string emails_;
  std::vector<Entry> entries_;
};

}  // namespace directory
