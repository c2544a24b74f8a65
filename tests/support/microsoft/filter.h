// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

/// `displayName eq 'Sales'` or `startswith(displayName,'Sal')`.
struct Condition {
  enum class Kind : std::uint8_t { kEquals, kStartsWith };

  Kind kind = Kind::kEquals;
  std::string property;
  std::string value;

  /// Whether a property's text fulfils it; case does not matter.
  [[nodiscard]] bool holds(std::string_view text) const;
};

/// The conditions of a `$filter` of the forms above, joined with `or`; nothing for any other.
[[nodiscard]] std::optional<std::vector<Condition>> parse_filter(std::string_view text);

}  // namespace tests::microsoft
