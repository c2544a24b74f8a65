// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/common_names.h"

#include "policy/name/built_in_common_names.h"
#include "policy/name/entry_lines.h"
#include "policy/name/plain_name.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

Result<CommonNames> CommonNames::parse(std::string_view text) {
  CommonNames names;
  const auto done = read_entry_lines(
      text, [&](std::size_t /*number*/, std::string_view line) { return names.add_line(line); });
  if (!done.has_value()) {
    return std::unexpected{done.error()};
  }
  return names;
}

Result<void> CommonNames::add_line(std::string_view line) {
  if (line.starts_with('[')) {
    const bool is_known = line == "[given names]" || line == "[surnames]";
    return is_known
               ? Result<void>{}
               : fail(ErrorCode::kInvalidInput, "unknown section; use [given names] or [surnames]");
  }
  constexpr std::string_view kSeparators = ", \t";
  while (!line.empty()) {
    const std::string_view name = line.substr(0, line.find_first_of(kSeparators));
    line.remove_prefix(name.size() < line.size() ? name.size() + 1 : line.size());
    if (name.empty()) {
      continue;
    }
    std::vector<std::string> tokens = plain_tokens(name);
    if (tokens.size() != 1) {
      return fail(ErrorCode::kInvalidInput,
                  "'" + visible_text(name) + "' is no name of one word; write Maria, Hansen");
    }
    names_.insert(std::move(tokens.front()));
  }
  return {};
}

const CommonNames& CommonNames::built_in() {
  static const CommonNames names = [] {
    auto parsed = parse(kBuiltInCommonNames);
    if (!parsed.has_value()) {
      throw std::logic_error{"conf/common-names.txt: " + parsed.error().message};
    }
    return *std::move(parsed);
  }();
  return names;
}

bool CommonNames::contains(std::string_view plain_token) const {
  return names_.contains(plain_token);
}

}  // namespace policy
