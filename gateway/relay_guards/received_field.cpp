// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/received_field.h"

#include "gateway/message/octets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {
namespace {

// The semicolon before the date parts words too: nothing behind it is taken for a clause.
bool is_gap(char c) {
  return is_white_space(c) || c == ';';
}

// What a word that is no path ends before, and the quotation mark, within which nothing ends it.
constexpr std::array<bool, 256> kEndsOrQuotes = [] {
  std::array<bool, 256> ends{};
  for (const char c : std::string_view{" \t\r\n;(\""}) {
    ends.at(static_cast<unsigned char>(c)) = true;
  }
  return ends;
}();

// The words of a field, one by one.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  // Empty at the end.
  std::string_view next() {
    skip_gaps();
    const std::size_t begin = at_;
    const bool is_path = at_ < text_.size() && text_[at_] == '<';
    if (!is_path) {
      skip_word();
      return text_.substr(begin, at_ - begin);
    }
    while (at_ < text_.size() && text_[at_] != '>') {
      pass();
    }
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(begin, at_ - begin);
  }

 private:
  void skip_word() {
    while (at_ < text_.size()) {
      if (!kEndsOrQuotes[static_cast<unsigned char>(text_[at_])]) {
        ++at_;
      } else if (text_[at_] == '"') {
        pass();
      } else {
        return;
      }
    }
  }

  void skip_gaps() {
    while (at_ < text_.size() && (is_gap(text_[at_]) || text_[at_] == '(')) {
      if (text_[at_] == '(') {
        skip_comment();
      } else {
        ++at_;
      }
    }
  }

  void skip_comment() {
    std::size_t depth = 0;
    do {
      if (text_[at_] == '(') {
        ++depth;
      } else if (text_[at_] == ')') {
        --depth;
      }
      skip_octet();
    } while (depth > 0 && at_ < text_.size());
  }

  // With the one that a backslash quotes.
  void skip_octet() {
    constexpr std::size_t kPair = 2;
    at_ = std::min(text_.size(), at_ + (text_[at_] == '\\' ? kPair : 1));
  }

  // Takes an octet, or all of a quoted string.
  void pass() {
    if (text_[at_++] != '"') {
      return;
    }
    while (at_ < text_.size() && text_[at_] != '"') {
      skip_octet();
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool opens_clause(std::string_view word) {
  constexpr std::array<std::string_view, 6> kClauses{"from", "by", "via", "with", "id", "for"};
  constexpr std::size_t kLongest = 4;
  return word.size() <= kLongest && std::ranges::any_of(kClauses, [&](std::string_view clause) {
           return equal_ignoring_case(clause, word);
         });
}

std::string host_name(std::string_view word) {
  if (word.ends_with('.')) {
    word.remove_suffix(1);
  }
  std::string name{word};
  std::ranges::transform(name, name.begin(), ascii_lower);
  return name;
}

std::string_view without_angles(std::string_view path) {
  const bool has_angles = path.starts_with('<') && path.ends_with('>') && path.size() >= 2;
  return has_angles ? path.substr(1, path.size() - 2) : path;
}

}  // namespace

ReceivedField read_received(std::string_view value) {
  ReceivedField field;
  Words words{value};
  const auto is_complete = [&field] {
    return !field.by.empty() && !field.id.empty() && !field.recipient.empty();
  };
  for (std::string_view word = words.next(); !word.empty() && !is_complete(); word = words.next()) {
    if (!opens_clause(word)) {
      continue;
    }
    const std::string_view said = words.next();
    if (equal_ignoring_case(word, "by") && field.by.empty()) {
      field.by = host_name(said);
    } else if (equal_ignoring_case(word, "id") && field.id.empty()) {
      field.id = said;
    } else if (equal_ignoring_case(word, "for") && field.recipient.empty()) {
      field.recipient = without_angles(said);
    }
  }
  return field;
}

}  // namespace gateway
