// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <functional>
#include <string_view>

namespace policy {

/// Takes one line of a data file: its number, from 1, and what it says. The error of a failure
/// needs no line number.
using ReadEntryLine = std::function<Result<void>(std::size_t number, std::string_view line)>;

/// Hands each line of a data file on, without comments (`#` to the end), blanks around it, and
/// lines with nothing left. Stops at the first failure and puts `line NUMBER` before its text.
[[nodiscard]] Result<void> read_entry_lines(std::string_view text, const ReadEntryLine& read);

}  // namespace policy
