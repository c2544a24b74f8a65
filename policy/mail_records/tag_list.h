// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// `name=value` of a tag-list; the value without white space around it.
struct Tag {
  std::string name;
  std::string value;
};

/// A tag-list (RFC 6376, 3.2), as DKIM and DMARC have it.
struct TagList {
  std::vector<Tag> tags;  ///< in order; those that are no tags are left out
  bool is_wrong = false;  ///< there was one that is none, or a name twice

  /// The value of the first tag of this name; names compare with their case.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
};

/// Reads any octets. Linear but for the search for names, of which there are at most 64; more are
/// wrong.
[[nodiscard]] TagList parse_tag_list(std::string_view text);

/// The value without any white space, folds included (RFC 6376, 3.2 on base64 and lists).
[[nodiscard]] std::string without_white_space(std::string_view value);

}  // namespace policy
