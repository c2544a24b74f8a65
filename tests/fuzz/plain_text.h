// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"
#include "policy/name/charset.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <string_view>

/// Whether a text may go to a log, a terminal and into JSON: UTF-8 on one line, without control
/// characters.
[[nodiscard]] inline bool is_plain(std::string_view text) {
  return policy::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
         });
}

/// What holds of a reader of configuration: it gives something or says why not, and what it says
/// can be shown.
inline void check_told(bool is_read, const policy::Problems& problems) {
  check(is_read != problems.has_errors());
  for (const policy::Problem& problem : problems.all()) {
    check(!problem.text.empty());
    check(is_plain(format_problem(problem)));
  }
}
