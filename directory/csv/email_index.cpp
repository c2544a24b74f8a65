// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/email_index.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace directory {

void EmailIndex::add(std::string_view email, std::uint64_t line) {
  entries_.push_back({.offset = emails_.size(),
                      .size = static_cast<std::uint32_t>(email.size()),
                      .line = static_cast<std::uint32_t>(line)});
  emails_ += email;
}

void EmailIndex::for_each_repeated(
    const std::function<void(std::string_view, std::uint64_t, std::uint64_t)>& report) {
  std::ranges::sort(entries_, [this](const Entry& one, const Entry& other) {
    return std::pair{email(one), one.line} < std::pair{email(other), other.line};
  });
  std::size_t first = 0;
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    if (email(entries_[i]) == email(entries_[first])) {
      report(email(entries_[i]), entries_[i].line, entries_[first].line);
    } else {
      first = i;
    }
  }
}

}  // namespace directory
