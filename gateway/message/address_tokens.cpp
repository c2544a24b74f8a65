// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/address_tokens.h"

#include "gateway/message/encoded_word.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using Kind = AddressTokenKind;

constexpr std::string_view kSyntax = "<>,;:@";
constexpr std::string_view kEndOfText = "<>,;:@\"() \t\n";

class Tokenizer {
 public:
  Tokenizer(std::string_view value, EncodedWords words, std::size_t comment_depth_limit)
      : value_(value), words_(words), scanner_(value), comment_depth_limit_(comment_depth_limit) {}

  [[nodiscard]] AddressTokens run() {
    while (at_ < value_.size()) {
      if (const std::size_t size = white_space_size(); size > 0) {
        at_ += size;
        is_spaced_ = true;
      } else {
        read_token(value_[at_]);
      }
    }
    return std::move(result_);
  }

 private:
  // A CR counts as white space only as part of a line end.
  [[nodiscard]] std::size_t white_space_size() const {
    const char c = value_[at_];
    if (c == ' ' || c == '\t' || c == '\n') {
      return 1;
    }
    return value_.substr(at_).starts_with("\r\n") ? 2 : 0;
  }

  void read_token(char c) {
    if (c == '"') {
      read_quoted();
    } else if (c == '(') {
      read_comment();
    } else if (c == ')') {
      result_.has_stray_parenthesis = true;
      push({.kind = Kind::kStray, .octets = {}}, 1);
    } else if (kSyntax.find(c) != std::string_view::npos) {
      push({.kind = Kind::kSyntax, .octets = value_.substr(at_, 1)}, 1);
    } else if (!read_encoded_word() && !read_domain_literal()) {
      read_text();
    }
  }

  void push(AddressToken token, std::size_t size) {
    token.is_spaced = std::exchange(is_spaced_, false);
    result_.tokens.push_back(token);
    at_ += size;
  }

  void read_quoted() {
    const std::string_view rest = value_.substr(at_ + 1);
    std::size_t end = quotes_are_stray_ ? rest.size() : 0;
    while (end < rest.size() && rest[end] != '"') {
      end += rest[end] == '\\' ? 2U : 1U;
    }
    if (end < rest.size()) {
      push({.kind = Kind::kQuoted, .octets = rest.substr(0, end)}, end + 2);
      return;
    }
    push({.kind = Kind::kStray, .octets = quotes_are_stray_ ? std::string_view{} : rest}, 1);
    quotes_are_stray_ = true;
    result_.has_stray_quote = true;
  }

  void read_comment() {
    const std::string_view rest = value_.substr(at_ + 1);
    std::size_t end = parentheses_are_stray_ ? rest.size() : 0;
    std::size_t depth = 1;
    while (end < rest.size()) {
      const char c = rest[end];
      depth += c == '(' ? 1U : 0U;
      depth -= c == ')' ? 1U : 0U;
      result_.is_too_deep = result_.is_too_deep || depth > comment_depth_limit_;
      if (depth == 0) {
        push({.kind = Kind::kComment, .octets = rest.substr(0, end)}, end + 2);
        return;
      }
      end += c == '\\' ? 2U : 1U;
    }
    push({.kind = Kind::kStray, .octets = parentheses_are_stray_ ? std::string_view{} : rest}, 1);
    parentheses_are_stray_ = true;
    result_.has_stray_parenthesis = true;
  }

  bool read_encoded_word() {
    const auto word = scanner_.match(at_);
    if (!word.has_value()) {
      return false;
    }
    if (word->text.find_first_of(kEndOfText) != std::string_view::npos) {
      result_.has_syntax_in_word = true;
      if (words_ == EncodedWords::kSplit) {
        return false;
      }
    }
    push({.kind = Kind::kText, .is_encoded_word = true, .octets = value_.substr(at_, word->size)},
         word->size);
    return true;
  }

  // `[192.0.2.1]` after an @: the colons of an IPv6 address are no syntax there.
  bool read_domain_literal() {
    if (value_[at_] != '[' || result_.tokens.empty() || !result_.tokens.back().is('@')) {
      return false;
    }
    const std::size_t end = value_.find_first_of("]<>,;\"() \t\n", at_);
    if (end == std::string_view::npos || value_[end] != ']') {
      return false;
    }
    push({.kind = Kind::kText, .octets = value_.substr(at_, end + 1 - at_)}, end + 1 - at_);
    return true;
  }

  void read_text() {
    std::size_t end = at_;
    while (end < value_.size() && kEndOfText.find(value_[end]) == std::string_view::npos) {
      const bool is_line_end = value_.substr(end).starts_with("\r\n");
      const bool is_word = end > at_ && scanner_.match(end).has_value();
      if (is_line_end || is_word) {
        break;
      }
      end += value_[end] == '\\' && end + 1 < value_.size() ? 2U : 1U;
    }
    push({.kind = Kind::kText, .octets = value_.substr(at_, end - at_)}, end - at_);
  }

  std::string_view value_;
  EncodedWords words_;
  EncodedWordScanner scanner_;
  std::size_t comment_depth_limit_;
  AddressTokens result_;
  std::size_t at_ = 0;
  bool is_spaced_ = false;
  bool quotes_are_stray_ = false;
  bool parentheses_are_stray_ = false;
};

}  // namespace

AddressTokens tokenize_addresses(std::string_view value,
                                 EncodedWords words,
                                 std::size_t comment_depth_limit) {
  return Tokenizer{value, words, comment_depth_limit}.run();
}

}  // namespace gateway
