// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace policy {

/// What the kernel says of this process at this moment (proc(5)).
struct ProcessFigures {
  std::uint64_t resident_bytes = 0;
  double cpu_seconds = 0;  ///< user and system
  std::uint64_t open_descriptors = 0;
};

/// Zero where /proc cannot be read.
[[nodiscard]] ProcessFigures process_figures();

}  // namespace policy
