// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/exchange_objects.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tests::microsoft {

/// A later page of a list.
struct ExchangePage {
  std::string body;       ///< of the request, which must be the same
  std::size_t first = 0;  ///< position of its first record
};

/// Exchange Online of one tenant.
struct ExchangeState {
  ExchangeObjects objects;
  bool has_directory_role = true;  ///< of the application
  std::vector<std::string> management_roles{
      "View-Only Configuration", "Remote and Accepted Domains", "Transport Rules"};
  std::uint64_t reads_of_rules = 0;
  std::uint64_t answers_without_value = 0;
  std::uint64_t calls = 0;
  std::size_t page_size = 0;                  ///< 0 for what the request prefers
  bool are_pages_expired = false;             ///< next links lead nowhere
  std::map<std::string, ExchangePage> pages;  ///< by their skip tokens
  /// When the answer that is under way will have gone out.
  std::chrono::steady_clock::time_point busy_until;
};

}  // namespace tests::microsoft
