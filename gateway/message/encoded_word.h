// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// One `=?charset?encoding?text?=` (RFC 2047). The views point into the scanned text.
struct EncodedWord {
  std::size_t size = 0;      ///< octets from `=?` to `?=`, both included
  std::string_view charset;  ///< without an RFC 2231 language tag; may be empty
  bool is_base64 = false;    ///< B; otherwise Q
  std::string_view text;     ///< still encoded; may hold white space and single question marks
};

/// Finds the encoded words of one text. Takes linear time over all calls with rising positions.
class EncodedWordScanner {
 public:
  /// `text` must outlive the scanner.
  explicit EncodedWordScanner(std::string_view text) : text_(text) {}

  /// The encoded word that begins at `at`, if one does.
  [[nodiscard]] std::optional<EncodedWord> match(std::size_t at);

 private:
  [[nodiscard]] std::size_t next_end(std::size_t from);

  std::string_view text_;
  // The first `?=` at or after the last position asked for.
  std::size_t end_ = 0;
  bool end_is_known_ = false;
};

/// How octets become characters where that can be done in more than one way.
enum class WordReading {
  kJoined,     ///< neighbours of one charset are joined, then converted; wrong octets as Latin-1
  kSingly,     ///< each word is converted on its own, as RFC 2047 wants; wrong octets as Latin-1
  kReplacing,  ///< as `kJoined`, but wrong octets become U+FFFD
};

/// A text with its encoded words decoded.
struct DecodedText {
  std::string text;             ///< valid UTF-8; may hold any character, NUL included
  std::size_t words = 0;        ///< encoded words found
  bool has_neighbours = false;  ///< two words of one charset were joined, or could have been
  bool is_exact = true;         ///< no octet was wrong in its charset and no charset unknown
};

/// Decodes as mail clients do, not as RFC 2047 allows: words count anywhere, touching other text
/// too; white space between two words is dropped; padding may be missing; a Q word may hold
/// spaces. What is no encoded word stays as it is; its 8-bit octets are read as UTF-8, or as
/// Latin-1 where they are not all UTF-8. Total and linear.
[[nodiscard]] DecodedText decode_encoded_words(std::string_view text,
                                               WordReading reading = WordReading::kJoined);

}  // namespace gateway
