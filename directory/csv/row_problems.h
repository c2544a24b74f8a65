// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"
#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace directory {

/// Tells the first hundred problems of a file of rows, and counts the rest.
class RowProblems {
 public:
  /// `problems` must outlive this.
  RowProblems(const std::filesystem::path& path, policy::Problems& problems)
      : file_(path.string()), problems_(&problems) {}

  void error(std::uint64_t line, std::string text);
  void warning(std::uint64_t line, std::string text);

  /// `kInvalidInput`, with their number and the first of them, if there were errors. Call it once.
  [[nodiscard]] policy::Result<void> result();

 private:
  [[nodiscard]] policy::Place place(std::uint64_t line) const;

  std::string file_;
  policy::Problems* problems_;
  std::uint64_t count_ = 0;
  std::string first_;
};

}  // namespace directory
