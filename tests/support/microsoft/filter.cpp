// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/filter.h"

#include "tests/support/microsoft/message.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// Reads from the front of a text what is expected there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) {
      return false;
    }
    rest_.remove_prefix(expected.size());
    return true;
  }

  void skip_spaces() {
    while (take(" ")) {
    }
  }

  std::string name() {
    const std::string_view found = rest_.substr(0, rest_.find_first_not_of(kLetters));
    rest_.remove_prefix(found.size());
    return std::string{found};
  }

  // A literal; a quote within it is doubled.
  std::optional<std::string> literal() {
    if (!take("'")) {
      return std::nullopt;
    }
    std::string value;
    while (!rest_.empty()) {
      if (take("''")) {
        value += '\'';
      } else if (take("'")) {
        return value;
      } else {
        value += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<Condition> read_condition(Reader& reader) {
  Condition condition;
  const bool is_prefix = reader.take("startswith(");
  condition.kind = is_prefix ? Condition::Kind::kStartsWith : Condition::Kind::kEquals;
  condition.property = reader.name();
  reader.skip_spaces();
  if (condition.property.empty() || !reader.take(is_prefix ? "," : "eq ")) {
    return std::nullopt;
  }
  reader.skip_spaces();
  auto value = reader.literal();
  reader.skip_spaces();
  if (!value.has_value() || (is_prefix && !reader.take(")"))) {
    return std::nullopt;
  }
  condition.value = std::move(*value);
  reader.skip_spaces();
  return condition;
}

}  // namespace

bool Condition::holds(std::string_view text) const {
  const std::string lower = lower_case(text);
  const std::string wanted = lower_case(value);
  return kind == Kind::kEquals ? lower == wanted : lower.starts_with(wanted);
}

std::optional<std::vector<Condition>> parse_filter(std::string_view text) {
  Reader reader{text};
  std::vector<Condition> conditions;
  do {
    reader.skip_spaces();
    auto condition = read_condition(reader);
    if (!condition.has_value()) {
      return std::nullopt;
    }
    conditions.push_back(std::move(*condition));
  } while (reader.take("or "));
  return reader.is_at_end() ? std::optional{std::move(conditions)} : std::nullopt;
}

}  // namespace tests::microsoft
