// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

/// One value of a YAML document with the place it stands at. Cheap to copy; shares the document.
class YamlValue {
 public:
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] const Place& place() const;

  /// The scalar as written, without quotes; empty for other kinds.
  [[nodiscard]] const std::string& text() const;

  /// Whether the scalar was written in quotes: `"no"` is a text, `no` is a boolean.
  [[nodiscard]] bool is_quoted() const;

  /// The members of a sequence.
  [[nodiscard]] const std::vector<YamlValue>& items() const;

  /// The members of a mapping, in the order of the file. Keys are scalars.
  [[nodiscard]] const std::vector<std::pair<YamlValue, YamlValue>>& entries() const;

  struct Data;

  explicit YamlValue(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

 private:
  std::shared_ptr<const Data> data_;
};

/// Limits of what is read as configuration.
inline constexpr std::size_t kMaximumYamlOctets = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t kMaximumYamlNodes = 1'000'000;
inline constexpr std::size_t kMaximumYamlDepth = 64;
inline constexpr std::size_t kMaximumYamlAliasNodes = 10'000;

/// Reads `text` as one YAML document. Everything that is no plain data is an error in `problems`,
/// and nothing is returned: no UTF-8, control characters, over 8 MiB, tags, duplicate keys, merge
/// keys, keys that are no text, several documents, aliases that expand beyond 10,000 nodes, nesting
/// of over 64 levels, over a million nodes. An empty text is an empty mapping. Never throws.
[[nodiscard]] std::optional<YamlValue> parse_yaml(std::string_view text,
                                                  const std::string& file_name,
                                                  Problems& problems);

/// The octets of a configuration file; an error in `problems` if it cannot be read, is no regular
/// file (a pipe could block a reload for ever) or is over 8 MiB.
[[nodiscard]] std::optional<std::string> read_configuration_file(const std::filesystem::path& path,
                                                                 Problems& problems);

}  // namespace policy
