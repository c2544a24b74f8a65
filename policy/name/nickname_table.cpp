// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/nickname_table.h"

#include "policy/name/built_in_nicknames.h"
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
namespace {

Result<std::string> one_name(std::string_view text) {
  std::vector<std::string> tokens = plain_tokens(text);
  if (tokens.size() != 1) {
    return fail(ErrorCode::kInvalidInput,
                "'" + visible_text(text) + "' is no name of one word; write robert: bob, rob");
  }
  return std::move(tokens.front());
}

}  // namespace

Result<NicknameTable> NicknameTable::parse(std::string_view text) {
  NicknameTable table;
  Lines lines;
  const auto done = read_entry_lines(text, [&](std::size_t number, std::string_view line) {
    return table.add_line(number, line, lines);
  });
  if (!done.has_value()) {
    return std::unexpected{done.error()};
  }
  return table;
}

Result<void> NicknameTable::add_line(std::size_t number, std::string_view line, Lines& lines) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return fail(ErrorCode::kInvalidInput, "there is no colon; write robert: bob, rob");
  }
  const auto given_name = one_name(line.substr(0, colon));
  if (!given_name.has_value()) {
    return std::unexpected{given_name.error()};
  }
  const auto [first, is_new] = lines.try_emplace(*given_name, number);
  if (!is_new) {
    return fail(ErrorCode::kInvalidInput,
                "'" + *given_name + "' is in line " + std::to_string(first->second) +
                    " already; add its nicknames there");
  }
  std::string_view rest = line.substr(colon);
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the colon or a comma
    const std::size_t end = rest.find(',');
    const auto nickname = one_name(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
    if (!nickname.has_value()) {
      return std::unexpected{nickname.error()};
    }
    if (*nickname == *given_name) {
      return fail(ErrorCode::kInvalidInput,
                  "'" + *nickname + "' is its own nickname; case and accents make no difference");
    }
    relatives_[*given_name].insert(*nickname);
    relatives_[*nickname].insert(*given_name);
  }
  return {};
}

const NicknameTable& NicknameTable::built_in() {
  static const NicknameTable table = [] {
    auto parsed = parse(kBuiltInNicknames);
    if (!parsed.has_value()) {
      throw std::logic_error{"conf/nicknames.txt: " + parsed.error().message};
    }
    return *std::move(parsed);
  }();
  return table;
}

std::vector<std::string> NicknameTable::relatives_of(std::string_view given_name) const {
  const auto found = relatives_.find(given_name);
  if (found == relatives_.end()) {
    return {};
  }
  return {found->second.begin(), found->second.end()};
}

}  // namespace policy
