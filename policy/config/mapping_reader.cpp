// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"

#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

using Kind = YamlValue::Kind;
using Unit = std::pair<std::string_view, std::uint64_t>;

constexpr std::array<Unit, 5> kTimeUnits{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

constexpr std::array<Unit, 7> kSizeUnits{{{"B", 1},
                                          {"KiB", std::uint64_t{1} << 10U},
                                          {"MiB", std::uint64_t{1} << 20U},
                                          {"GiB", std::uint64_t{1} << 30U},
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits alone. A leading zero is refused: some read `010` as eight.
std::optional<std::uint64_t> parse_digits(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit) ||
      (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional{number} : std::nullopt;
}

std::string describe(const YamlValue& value) {
  switch (value.kind()) {
    case Kind::kNull: return "nothing";
    case Kind::kSequence: return "a list";
    case Kind::kMapping: return "a mapping";
    case Kind::kScalar: break;
  }
  return quoted_excerpt(value.text());
}

std::string wrong_value(std::string_view key,
                        std::string_view expected,
                        const YamlValue& value,
                        std::string_view advice) {
  return fmt::format("'{}' must be {}, not {}; {}", key, expected, describe(value), advice);
}

}  // namespace

MappingReader::MappingReader(const YamlValue& value, Problems& problems)
    : place_(value.place()), entries_(value.entries()), problems_(&problems) {
  if (value.kind() != Kind::kMapping && value.kind() != Kind::kNull) {
    problems.error(
        place_,
        fmt::format("this must be a mapping, not {}; write 'key: value' lines", describe(value)));
  }
}

const YamlValue* MappingReader::find(std::string_view key) const {
  const auto found =
      std::ranges::find_if(entries_, [&](const auto& entry) { return entry.first.text() == key; });
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<YamlValue> MappingReader::value(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) {
    known_.emplace_back(key);
  }
  const YamlValue* found = find(key);
  return found == nullptr ? std::nullopt : std::optional{*found};
}

std::optional<YamlValue> MappingReader::scalar(std::string_view key, std::string_view expected) {
  auto found = value(key);
  if (!found.has_value() || found->kind() == Kind::kScalar) {
    return found;
  }
  error(key, wrong_value(key, expected, *found, "give a value after the colon"));
  return std::nullopt;
}

std::optional<std::string> MappingReader::string(std::string_view key) {
  const auto found = scalar(key, "a text");
  return found.has_value() ? std::optional{found->text()} : std::nullopt;
}

std::optional<bool> MappingReader::boolean(std::string_view key) {
  const auto found = scalar(key, "true or false");
  if (!found.has_value()) {
    return std::nullopt;
  }
  if (!found->is_quoted() && (found->text() == "true" || found->text() == "false")) {
    return found->text() == "true";
  }
  error(key, wrong_value(key, "true or false", *found, "write true or false without quotes"));
  return std::nullopt;
}

std::optional<std::uint64_t> MappingReader::integer(std::string_view key,
                                                    std::uint64_t minimum,
                                                    std::uint64_t maximum) {
  const auto found = scalar(key, "a whole number");
  if (!found.has_value()) {
    return std::nullopt;
  }
  const auto number = found->is_quoted() ? std::nullopt : parse_digits(found->text());
  if (!number.has_value()) {
    error(key,
          wrong_value(
              key, "a whole number", *found, "write digits without quotes, sign or leading zero"));
    return std::nullopt;
  }
  if (*number < minimum || *number > maximum) {
    error(key,
          fmt::format("'{}' is {}; give a number from {} to {}", key, *number, minimum, maximum));
    return std::nullopt;
  }
  return number;
}

std::optional<std::uint64_t> MappingReader::number_with_unit(std::string_view key,
                                                             std::string_view example,
                                                             std::span<const Unit> units) {
  const auto found = scalar(key, "a number with unit");
  if (!found.has_value()) {
    return std::nullopt;
  }
  const std::string_view text = found->text();
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_digits(text.substr(0, digits));
  const auto unit = std::ranges::find(units, text.substr(digits), &Unit::first);
  if (!number.has_value() || unit == units.end()) {
    std::vector<std::string_view> names;
    std::ranges::transform(units, std::back_inserter(names), &Unit::first);
    error(key,
          wrong_value(key,
                      "a whole number with unit",
                      *found,
                      fmt::format("write it like {}; units: {}", example, fmt::join(names, ", "))));
    return std::nullopt;
  }
  constexpr auto kMaximum =
      static_cast<std::uint64_t>(std::numeric_limits<std::chrono::milliseconds::rep>::max());
  if (*number > kMaximum / unit->second) {
    error(key, fmt::format("'{}' is too large: {}; give a smaller one", key, describe(*found)));
    return std::nullopt;
  }
  return *number * unit->second;
}

std::optional<std::chrono::milliseconds> MappingReader::duration(std::string_view key) {
  const auto count = number_with_unit(key, "30s", kTimeUnits);
  if (!count.has_value()) {
    return std::nullopt;
  }
  return std::chrono::milliseconds{*count};
}

std::optional<std::uint64_t> MappingReader::size(std::string_view key) {
  return number_with_unit(key, "64KiB", kSizeUnits);
}

std::optional<double> MappingReader::percentage(std::string_view key) {
  constexpr double kWhole = 100.0;
  const auto found = scalar(key, "a percentage");
  if (!found.has_value()) {
    return std::nullopt;
  }
  std::string_view text = found->text();
  double number = 0;
  if (text.size() > 1 && is_digit(text.front()) && text.ends_with('%')) {
    text.remove_suffix(1);
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (problem == std::errc{} && end == text.data() + text.size() && number <= kWhole) {
      return number;
    }
  }
  error(key, wrong_value(key, "a percentage", *found, "write it from 0% to 100%, like 20%"));
  return std::nullopt;
}

std::optional<std::vector<YamlValue>> MappingReader::scalars(std::string_view key) {
  const auto found = value(key);
  if (!found.has_value()) {
    return std::nullopt;
  }
  if (found->kind() == Kind::kScalar) {
    return std::vector{*found};
  }
  if (found->kind() != Kind::kSequence) {
    error(key, wrong_value(key, "a list of texts", *found, "write it like [first, second]"));
    return std::nullopt;
  }
  if (found->items().empty()) {
    error(key, fmt::format("'{}' is an empty list; leave the key out or list something", key));
    return std::nullopt;
  }
  bool all_texts = true;
  for (const YamlValue& item : found->items()) {
    if (item.kind() != Kind::kScalar) {
      problems_->error(item.place(),
                       fmt::format("'{}' must list texts, not {}; write each as one word or in "
                                   "quotes",
                                   key,
                                   describe(item)));
      all_texts = false;
    }
  }
  return all_texts ? std::optional{found->items()} : std::nullopt;
}

std::optional<std::vector<std::string>> MappingReader::strings(std::string_view key) {
  const auto values = scalars(key);
  if (!values.has_value()) {
    return std::nullopt;
  }
  std::vector<std::string> texts;
  texts.reserve(values->size());
  std::ranges::transform(*values, std::back_inserter(texts), &YamlValue::text);
  return texts;
}

std::optional<std::size_t> MappingReader::word_index(std::string_view key,
                                                     const std::vector<std::string_view>& words) {
  const auto found = scalar(key, "a word");
  if (!found.has_value()) {
    return std::nullopt;
  }
  const auto word = std::ranges::find(words, std::string_view{found->text()});
  if (word == words.end()) {
    error(key,
          fmt::format(
              "'{}' cannot be {}; {}", key, describe(*found), advise_words(found->text(), words)));
    return std::nullopt;
  }
  return static_cast<std::size_t>(word - words.begin());
}

std::optional<MappingReader> MappingReader::mapping(std::string_view key) {
  const auto found = value(key);
  if (!found.has_value()) {
    return std::nullopt;
  }
  if (found->kind() != Kind::kMapping && found->kind() != Kind::kNull) {
    error(key,
          wrong_value(key, "a mapping", *found, "write 'key: value' lines, indented, below it"));
    return std::nullopt;
  }
  return MappingReader{*found, *problems_};
}

void MappingReader::require(std::string_view key) {
  if (!value(key).has_value()) {
    problems_->error(place_, fmt::format("the key '{}' is missing; add it", key));
  }
}

void MappingReader::refuse(std::string_view key, std::string text) {
  refused_.emplace_back(key);
  if (find(key) != nullptr) {
    error(key, std::move(text));
  }
}

const Place& MappingReader::place_of(std::string_view key) const {
  const YamlValue* found = find(key);
  return found == nullptr ? place_ : found->place();
}

void MappingReader::error(std::string_view key, std::string text) {
  problems_->error(place_of(key), std::move(text));
}

void MappingReader::warning(std::string_view key, std::string text) {
  problems_->warning(place_of(key), std::move(text));
}

void MappingReader::finish() {
  const std::vector<std::string_view> known{known_.begin(), known_.end()};
  for (const auto& [key, ignored] : entries_) {
    const bool is_read = std::ranges::find(known_, key.text()) != known_.end() ||
                         std::ranges::find(refused_, key.text()) != refused_.end();
    if (!is_read) {
      problems_->error(
          key.place(),
          fmt::format(
              "unknown key {}; {}", quoted_excerpt(key.text()), advise_words(key.text(), known)));
    }
  }
}

}  // namespace policy
