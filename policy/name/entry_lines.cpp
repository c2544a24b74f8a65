// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/entry_lines.h"

#include "policy/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {
namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) {
    return {};
  }
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

Result<void> read_entry_lines(std::string_view text, const ReadEntryLine& read) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) {
      continue;
    }
    if (const auto done = read(number, line); !done.has_value()) {
      return fail("line " + std::to_string(number), done.error());
    }
  }
  return {};
}

}  // namespace policy
