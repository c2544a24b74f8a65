// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace policy {

inline constexpr std::string_view kYamlTooLarge =
    "the file is over 8 MiB; split it or make it smaller";

/// Turns offsets in the text of a file into places. Columns count characters. Offsets that only
/// grow cost the length of the text in all; `text` and `file_name` must outlive it.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view text, const std::string& file_name)
      : text_(text), file_name_(&file_name) {}

  /// The place of an offset; of the text's end if it is beyond it. `text` must be UTF-8 up to it.
  [[nodiscard]] Place at(std::size_t offset);

  /// Where the last place was, at most.
  [[nodiscard]] std::size_t offset() const { return offset_; }

 private:
  std::string_view text_;
  const std::string* file_name_;
  std::size_t offset_ = 0;
  int line_ = 1;
  int column_ = 1;
};

/// Refuses text that is over 8 MiB, no UTF-8, or holds control characters other than tab and line
/// ends (U+0004 would end yaml-cpp's reading silently). Returns whether it can be parsed.
[[nodiscard]] bool check_yaml_text(std::string_view text,
                                   const std::string& file_name,
                                   Problems& problems);

/// Where the node that begins at `offset` has its tag or its content: the offset beyond its anchor,
/// the blanks and the comments after that.
[[nodiscard]] std::size_t skip_anchor(std::string_view text, std::size_t offset);

/// Whether the quoted scalar that begins at `offset` has its closing quote. yaml-cpp reads one that
/// has none to the end of the file if that ends a line.
[[nodiscard]] bool is_quote_closed(std::string_view text, std::size_t offset);

}  // namespace policy
