// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/text_table.h"

#include "policy/name/visible_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

namespace directory {
namespace {

// Code points: near enough to columns for names.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_coloured() {
  const char* const forbidden = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
  return ::isatty(STDOUT_FILENO) == 1 && (forbidden == nullptr || *forbidden == '\0');
}

}  // namespace

TextTable::TextTable(const std::vector<std::string>& titles) : widths_(titles.size()) {
  add(titles);
}

void TextTable::add(const std::vector<std::string>& cells, bool marked) {
  Row row{.cells = {}, .is_marked = marked};
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    row.cells.push_back(policy::visible_text(cells.at(i)));
    widths_[i] = std::max(widths_[i], width_of(row.cells.back()));
  }
  rows_.push_back(std::move(row));
}

void TextTable::print() const {
  const bool coloured = is_coloured();
  for (const Row& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.cells.size(); ++i) {
      line += row.cells[i] + std::string(widths_[i] - width_of(row.cells[i]) + 2, ' ');
    }
    const bool is_green = coloured && row.is_marked;
    line += is_green ? "\x1b[32m" + row.cells.back() + "\x1b[0m" : row.cells.back();
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
}

std::string shown_time(std::int64_t seconds) {
  constexpr int kFirstYear = 1900;
  if (seconds == 0) {
    return "never";
  }
  const std::time_t time = seconds;
  std::tm parts{};
  static_cast<void>(::gmtime_r(&time, &parts));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z",
                     parts.tm_year + kFirstYear,
                     parts.tm_mon + 1,
                     parts.tm_mday,
                     parts.tm_hour,
                     parts.tm_min,
                     parts.tm_sec);
}

void print_line(std::string_view text) {
  fmt::print("{}\n", policy::visible_text(text));
}

}  // namespace directory
