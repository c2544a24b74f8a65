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

/// Exchange Online of one tenant.
struct ExchangeState {
  ExchangeObjects objects;
  bool has_directory_role = true;  ///< of the application
  std::vector<std::string> management_roles{
      "View-Only Configuration", "Remote and Accepted Domains", "Transport Rules"};
  std::uint64_t reads_of_rules = 0;
  std::uint64_t answers_without_value = 0;
};

}  // namespace tests::microsoft
