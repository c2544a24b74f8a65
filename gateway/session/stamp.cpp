// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/stamp.h"

#include "gateway/session/verdict.h"
#include "policy/name/match.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/finding.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t kLineOctets = 78;
constexpr std::string_view kFold = "\n  ";
// RFC 2047, 2: an encoded word has at most 75 octets; each octet takes up to three in Q.
constexpr std::string_view kEncodedStart = "=?utf-8?q?";
constexpr std::string_view kEncodedEnd = "?=";
constexpr std::size_t kCharacterOctets = 4;  // of UTF-8, at most
constexpr std::size_t kEncodedOctets = 75 - kEncodedStart.size() - kEncodedEnd.size();

bool is_printable_ascii(char c) {
  return c >= 0x20 && c < 0x7f;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What may stand unquoted: RFC 2045 tokens, and what addresses are made of.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`{|}~@"}.contains(c);
  });
}

bool needs_no_encoding(std::string_view text) {
  return std::ranges::all_of(text, is_printable_ascii) && !text.contains("=?");
}

// What stands in one piece must fit on a line, every octet of it quoted.
bool fits_on_a_line(std::string_view text) {
  return text.size() < 2 * kLineOctets;
}

std::string quoted_string(std::string_view text) {
  std::string quoted{'"'};
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + '"';
}

std::string q_encoded(char c) {
  if (is_alphanumeric(c)) {
    return {c};
  }
  if (c == ' ') {
    return "_";
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  return {'=', kDigits[octet >> 4U], kDigits[octet & 0xFU]};
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string encoded_words(std::string_view text) {
  std::string words;
  std::string word;
  const auto finish = [&] {
    words += words.empty() ? "" : kFold;
    words += kEncodedStart;
    words += std::exchange(word, {});
    words += kEncodedEnd;
  };
  std::size_t i = 0;
  while (i < text.size()) {
    // A character of several octets stays within one word (RFC 2047, 5).
    const std::size_t end = std::min(text.size(), i + kCharacterOctets);
    std::string character = q_encoded(text[i++]);
    while (i < end && continues_character(text[i])) {
      character += q_encoded(text[i++]);
    }
    if (word.size() + character.size() > kEncodedOctets) {
      finish();
    }
    word += character;
  }
  finish();
  return words;
}

// A `name=value` list that starts a new line before it gets too long.
class ParameterList {
 public:
  void add(std::string_view name, std::string_view value) {
    const std::string item = std::string{name} + '=' + std::string{value};
    if (!text_.empty()) {
      text_ += ';';
      const bool fits = line_ + item.size() + 2 <= kLineOctets;
      text_ += fits ? " " : kFold;
      line_ = fits ? line_ + 2 : kFold.size();
    }
    text_ += item;
    line_ += item.size();
  }

  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
  std::size_t line_ = std::string_view{kResultField}.size() + 2;
};

void add_finding(ParameterList& list, const JudgedFinding& judged) {
  const policy::Finding& finding = judged.finding;
  list.add("finding", word(finding.kind));
  if (finding.match.has_value()) {
    list.add("match", word(*finding.match));
  }
  list.add("field", word(finding.field));
  if (!finding.person.empty()) {
    list.add("person", encode_parameter(policy::visible_text(finding.person)));
  }
  list.add("address", encode_parameter(finding.address));
  list.add("disposition", word(judged.decision.disposition));
}

}  // namespace

std::string result_value(const Verdict& verdict) {
  ParameterList list;
  const JudgedFinding* deciding = verdict.deciding();
  if (deciding != nullptr) {
    add_finding(list, *deciding);
  } else if (verdict.kind != Verdict::Kind::kDegraded) {
    list.add("finding", "none");
  }
  if (verdict.degradation.has_value()) {
    list.add("degraded", word(*verdict.degradation));
  }
  if (deciding != nullptr || verdict.degradation.has_value()) {
    list.add("action", word(verdict.action()));
  }
  if (deciding != nullptr && !deciding->decision.rule.empty()) {
    list.add("rule", encode_parameter(policy::visible_text(deciding->decision.rule)));
  }
  list.add("policy", verdict.policy_digest);
  if (verdict.generation != 0) {
    list.add("generation", std::to_string(verdict.generation));
  }
  return std::move(list).text();
}

std::string reason_value(const Verdict& verdict) {
  const JudgedFinding* deciding = verdict.deciding();
  return deciding == nullptr ? std::string{} : encode_unstructured(deciding->finding.reason);
}

std::string encode_parameter(std::string_view text) {
  return is_token(text) && fits_on_a_line(text) ? std::string{text} : encode_phrase(text);
}

std::string encode_phrase(std::string_view text) {
  return needs_no_encoding(text) && fits_on_a_line(text) ? quoted_string(text)
                                                         : encoded_words(text);
}

std::string encode_unstructured(std::string_view text) {
  constexpr std::size_t kPlainOctets = 900;  // RFC 5322, 2.1.1: a line has at most 998
  return needs_no_encoding(text) && text.size() <= kPlainOctets ? std::string{text}
                                                                : encoded_words(text);
}

}  // namespace gateway
