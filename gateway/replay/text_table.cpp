// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/text_table.h"

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

struct Column {
  std::size_t width = 0;
  bool holds_numbers = true;
};

// Code points: near enough to columns for names.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_number(std::string_view cell) {
  return cell.find_first_not_of("0123456789-") == std::string_view::npos;
}

std::vector<Column> columns_of(const std::vector<std::vector<std::string>>& rows) {
  std::vector<Column> columns(rows.front().size());
  for (const auto& row : rows) {
    const bool is_title = &row == &rows.front();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].width = std::max(columns[i].width, width_of(row.at(i)));
      columns[i].holds_numbers = columns[i].holds_numbers && (is_title || is_number(row.at(i)));
    }
  }
  return columns;
}

}  // namespace

void write_table(std::ostream& output, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) {
    return;
  }
  const std::vector<Column> columns = columns_of(rows);
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string padding(columns[i].width - width_of(row.at(i)), ' ');
      line += i == 0 ? "" : "  ";
      line += columns[i].holds_numbers ? padding + row.at(i) : row.at(i) + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    output << line << '\n';
  }
}

}  // namespace gateway
