// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

/// The input of a fuzz target as text.
inline std::string_view fuzz_input(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process unless the condition holds, which is how a fuzz target reports a finding, and
/// says where.
inline void check(bool condition, std::source_location where = std::source_location::current()) {
  if (!condition) {
    static_cast<void>(std::fprintf(
        stderr, "%s:%u: this does not hold\n", where.file_name(), unsigned{where.line()}));
    std::abort();
  }
}
