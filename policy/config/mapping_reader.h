// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

/// Reads the keys of one mapping. Each read makes its key known; `finish` reports every other key
/// as unknown and names the nearest known one. A value of the wrong kind is reported where it
/// stands and reads as absent. Must not outlive `problems`.
class MappingReader {
 public:
  /// `value` may be null or no mapping: that is reported (null reads as empty).
  MappingReader(const YamlValue& value, Problems& problems);

  [[nodiscard]] const Place& place() const { return place_; }

  /// The value of the key as it is; absent if the key is not there.
  std::optional<YamlValue> value(std::string_view key);

  std::optional<std::string> string(std::string_view key);
  std::optional<bool> boolean(std::string_view key);  ///< `true` or `false`, unquoted
  std::optional<std::uint64_t> integer(
      std::string_view key,
      std::uint64_t minimum = 0,
      std::uint64_t maximum = std::numeric_limits<std::uint64_t>::max());

  /// A number with unit: ms, s, m, h, d.
  std::optional<std::chrono::milliseconds> duration(std::string_view key);

  /// A number of octets with unit: B, KiB, MiB, GiB (also kB, MB, GB as powers of ten).
  std::optional<std::uint64_t> size(std::string_view key);

  /// A percentage, `20%`, as the number before the sign.
  std::optional<double> percentage(std::string_view key);

  /// A list of texts; a single text reads as a list of one. An empty list is an error.
  std::optional<std::vector<std::string>> strings(std::string_view key);

  /// Like `strings`, with the place of each text.
  std::optional<std::vector<YamlValue>> scalars(std::string_view key);

  /// A text that is one of the words; another one is an error that names the nearest.
  template <typename Enum>
  std::optional<Enum> word(std::string_view key,
                           std::span<const std::pair<std::string_view, Enum>> words);

  /// A mapping within this one.
  std::optional<MappingReader> mapping(std::string_view key);

  /// Reports the key as missing if it is not there.
  void require(std::string_view key);

  /// Reports the key with this text if it is there. `finish` does not name it as known.
  void refuse(std::string_view key, std::string text);

  /// Where the key's value stands; the mapping's own place if it is not there.
  [[nodiscard]] const Place& place_of(std::string_view key) const;

  void error(std::string_view key, std::string text);
  void warning(std::string_view key, std::string text);

  /// Reports the keys that nobody asked for. Call it last, once.
  void finish();

 private:
  std::optional<std::size_t> word_index(std::string_view key,
                                        const std::vector<std::string_view>& words);
  [[nodiscard]] const YamlValue* find(std::string_view key) const;
  std::optional<YamlValue> scalar(std::string_view key, std::string_view expected);
  std::optional<std::uint64_t> number_with_unit(
      std::string_view key,
      std::string_view example,
      std::span<const std::pair<std::string_view, std::uint64_t>> units);

  Place place_;
  std::vector<std::pair<YamlValue, YamlValue>> entries_;
  std::vector<std::string> known_;
  std::vector<std::string> refused_;
  Problems* problems_;
};

template <typename Enum>
std::optional<Enum> MappingReader::word(std::string_view key,
                                        std::span<const std::pair<std::string_view, Enum>> words) {
  std::vector<std::string_view> names;
  names.reserve(words.size());
  for (const auto& [name, ignored] : words) {
    names.push_back(name);
  }
  const auto index = word_index(key, names);
  if (!index.has_value()) {
    return std::nullopt;
  }
  return words[*index].second;
}

}  // namespace policy
