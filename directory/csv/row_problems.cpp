// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/row_problems.h"

#include "policy/config/problems.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

constexpr std::uint64_t kShownProblems = 100;

}  // namespace

void RowProblems::error(std::uint64_t line, std::string text) {
  ++count_;
  if (first_.empty()) {
    first_ = fmt::format("line {}: {}", line, text);
  }
  if (count_ <= kShownProblems) {
    problems_->error(place(line), std::move(text));
  }
}

void RowProblems::warning(std::uint64_t line, std::string text) {
  problems_->warning(place(line), std::move(text));
}

policy::Result<void> RowProblems::result() {
  if (count_ == 0) {
    return {};
  }
  if (count_ > kShownProblems) {
    problems_->error(
        place(0), fmt::format("{} more are not shown; mend these first", count_ - kShownProblems));
  }
  return policy::fail(
      policy::ErrorCode::kInvalidInput,
      fmt::format("{}: {} of its rows cannot be used, the first is {}", file_, count_, first_));
}

policy::Place RowProblems::place(std::uint64_t line) const {
  return {.file = file_, .line = static_cast<int>(line), .column = 0};
}

}  // namespace directory
