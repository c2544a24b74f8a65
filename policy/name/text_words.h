// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace policy {

/// A word of a text as it stands there: letters, digits and marks, with apostrophes and invisible
/// characters among them.
struct TextWord {
  std::string_view text;  ///< into the text it was found in
  std::size_t letters = 0;
  std::size_t ideographs = 0;
};

/// The words of a text in UTF-8, in order.
[[nodiscard]] std::vector<TextWord> text_words(std::string_view text);

/// Whether a comma separates segments.
enum class SegmentCommas { kSeparate, kKeep };

/// The parts of a text between `| ; / ( ) [ ] { } < > * ~`, line ends, a dash, bullet or `@` with
/// white space beside it, and commas if asked for; full-width forms count too. Parts without any
/// character but blanks are left out.
[[nodiscard]] std::vector<std::string_view> text_segments(std::string_view text,
                                                          SegmentCommas commas);

/// Whether a text may have more than one segment; nearly all have not.
[[nodiscard]] bool may_have_segments(std::string_view text);

}  // namespace policy
