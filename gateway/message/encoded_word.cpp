// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/encoded_word.h"

#include "gateway/message/octets.h"
#include "policy/name/charset.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

// Real labels are at most 45 octets long; the bound keeps the scan linear.
constexpr std::size_t kMaximumLabel = 100;

bool is_charset_character(char c) {
  return c > ' ' && c < 0x7f && c != '?' && c != '=' && c != '"' && c != '<' && c != '>';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  if (c == '+' || c == '-') {
    return 62;
  }
  return c == '/' || c == '_' ? 63 : -1;
}

// Padding ends a group, not the text: some mailers pad each piece and then put them together.
void append_base64(std::string& octets, std::string_view text) {
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (c == '=') {
      bit_count = 0;
    }
    if (value < 0) {
      continue;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      octets += static_cast<char>((bits >> static_cast<unsigned>(bit_count)) & 0xffU);
    }
  }
}

void append_quoted(std::string& octets, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '=' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      octets += static_cast<char>((high << 4) | low);
      i += 2;
    } else {
      octets += text[i] == '_' ? ' ' : text[i];
    }
  }
}

struct WordStart {
  std::size_t size;  // of `=?charset?encoding?`
  std::string_view charset;
  bool is_base64;
};

// The start of an encoded word, if `text` begins with one.
std::optional<WordStart> word_start(std::string_view text) {
  if (!text.starts_with("=?")) {
    return std::nullopt;
  }
  const std::string_view label = text.substr(2, kMaximumLabel);
  const auto* const label_end = std::ranges::find_if_not(label, is_charset_character);
  const auto label_size = static_cast<std::size_t>(label_end - label.begin());
  const std::string_view rest = text.substr(2 + label_size, 3);
  if (rest.size() < 3 || rest[0] != '?' || rest[2] != '?') {
    return std::nullopt;
  }
  const char encoding = ascii_lower(rest[1]);
  if (encoding != 'b' && encoding != 'q') {
    return std::nullopt;
  }
  const std::string_view charset = label.substr(0, label_size);
  return WordStart{.size = 2 + label_size + 3,
                   .charset = charset.substr(0, charset.find('*')),
                   .is_base64 = encoding == 'b'};
}

// Whether an encoded word starts within the first `size` octets of `text`.
bool holds_word_start(std::string_view text, std::size_t size) {
  for (std::size_t at = text.find("=?"); at < size; at = text.find("=?", at + 1)) {
    if (word_start(text.substr(at)).has_value()) {
      return true;
    }
  }
  return false;
}

// Takes the pieces of a text in order and puts the decoded text together.
class Decoder {
 public:
  Decoder(std::string_view text, WordReading reading)
      : reading_(reading), literals_are_utf8_(policy::is_utf8(text)) {
    result_.is_exact = literals_are_utf8_;
    result_.text.reserve(text.size());
  }

  void add_word(const EncodedWord& word) {
    ++result_.words;
    if (has_pending_ && equal_ignoring_case(charset_, word.charset)) {
      result_.has_neighbours = true;
    } else {
      flush();
    }
    if (reading_ == WordReading::kSingly) {
      flush();
    }
    has_pending_ = true;
    charset_ = word.charset;
    if (word.is_base64) {
      append_base64(octets_, word.text);
    } else {
      append_quoted(octets_, word.text);
    }
  }

  void add_literal(std::string_view text) {
    flush();
    if (reading_ == WordReading::kReplacing) {
      result_.text += policy::to_utf8_replacing(text, "utf-8");
    } else {
      result_.text += literals_are_utf8_ ? std::string{text} : policy::to_utf8(text, "iso-8859-1");
    }
  }

  [[nodiscard]] DecodedText finish() {
    flush();
    return std::move(result_);
  }

 private:
  void flush() {
    if (!has_pending_) {
      return;
    }
    auto text = policy::decode_charset(octets_, charset_);
    if (text.has_value()) {
      result_.text += *text;
    } else {
      result_.is_exact = false;
      result_.text += reading_ == WordReading::kReplacing
                          ? policy::to_utf8_replacing(octets_, charset_)
                          : policy::raw_to_utf8(octets_);
    }
    octets_.clear();
    has_pending_ = false;
  }

  WordReading reading_;
  bool literals_are_utf8_;
  DecodedText result_;
  bool has_pending_ = false;
  std::string_view charset_;
  std::string octets_;
};

}  // namespace

std::size_t EncodedWordScanner::next_end(std::size_t from) {
  if (!end_is_known_ || end_ < from) {
    end_ = text_.find("?=", from);
    end_is_known_ = true;
  }
  return end_;
}

std::optional<EncodedWord> EncodedWordScanner::match(std::size_t at) {
  const auto start = word_start(text_.substr(at));
  if (!start.has_value()) {
    return std::nullopt;
  }
  const std::size_t first = at + start->size;
  const std::size_t end = next_end(first);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view text = text_.substr(first, end - first);
  if (holds_word_start(text_.substr(first), text.size())) {
    return std::nullopt;  // another word begins before this one ends
  }
  return EncodedWord{
      .size = end + 2 - at, .charset = start->charset, .is_base64 = start->is_base64, .text = text};
}

DecodedText decode_encoded_words(std::string_view text, WordReading reading) {
  Decoder decoder{text, reading};
  EncodedWordScanner scanner{text};
  std::size_t literal = 0;
  bool is_after_word = false;
  for (std::size_t at = text.find("=?"); at != std::string_view::npos; at = text.find("=?", at)) {
    const auto word = scanner.match(at);
    if (!word.has_value()) {
      at += 1;
      continue;
    }
    const std::string_view between = text.substr(literal, at - literal);
    if (!between.empty() && !(is_after_word && std::ranges::all_of(between, is_white_space))) {
      decoder.add_literal(between);
    }
    decoder.add_word(*word);
    is_after_word = true;
    at += word->size;
    literal = at;
  }
  if (literal < text.size()) {
    decoder.add_literal(text.substr(literal));
  }
  return decoder.finish();
}

}  // namespace gateway
