// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/plan.h"
#include "directory/task.h"

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace directory {

/// How a plan is carried out.
struct ApplySettings {
  int most_attempts = 5;  ///< of one cmdlet whose effect is not known
  std::chrono::milliseconds first_pause =
      std::chrono::seconds{2};  ///< before what was written is read; doubled
  std::chrono::milliseconds longest_pause = std::chrono::seconds{30};
  /// The id of the plan that is meant; if what there is asks for another one, nothing is done.
  /// Empty for whatever is to be done.
  std::string expected_plan;
  /// Told what is done now, and how many objects are done of how many. May be null.
  std::function<void(const std::string& what, std::size_t done, std::size_t total)> progress;
};

/// Does what is to be done so that everything is as desired, and reads it again to prove that. A
/// write that failed in a way that leaves its effect open is looked up before it is sent again:
/// nothing is made twice. A conflict, or another plan than
/// the expected one, is `kRefused`, and nothing is done. The plan that is returned
/// is of what there is at last: it is fulfilled.
[[nodiscard]] Task<std::expected<ExchangePlan, CmdletFailure>> apply(
    CmdletInvoker& exchange, std::vector<DesiredObject> desired, ApplySettings settings);

}  // namespace directory
