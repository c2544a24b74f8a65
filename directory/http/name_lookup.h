// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/task.h"
#include "policy/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace directory {

/// The addresses of a host as the system resolves it, in the system's order. `kUnavailable` if
/// there are none, or none before the deadline.
[[nodiscard]] Task<policy::Result<std::vector<std::string>>> look_up_host(
    Executor executor, std::string host, std::chrono::steady_clock::time_point deadline);

}  // namespace directory
