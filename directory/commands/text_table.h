// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A table for people: columns are aligned, what a cell holds is made visible.
class TextTable {
 public:
  explicit TextTable(const std::vector<std::string>& titles);

  /// One cell for each title. A `marked` last cell is green on a terminal, unless NO_COLOR is set.
  void add(const std::vector<std::string>& cells, bool marked = false);

  /// Writes it to standard output.
  void print() const;

 private:
  struct Row {
    std::vector<std::string> cells;
    bool is_marked;
  };

  std::vector<Row> rows_;
  std::vector<std::size_t> widths_;
};

/// A time as `2026-03-31 12:00:00Z`; `never` for 0.
[[nodiscard]] std::string shown_time(std::int64_t seconds);

/// Writes a line to standard output, with what it holds made visible.
void print_line(std::string_view text);

}  // namespace directory
