// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/shown_text.h"

#include "gateway/message/address_entry.h"
#include "gateway/message/address_tokens.h"
#include "gateway/message/encoded_word.h"
#include "policy/name/charset.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Kind = AddressTokenKind;

// Puts text together, each run of white space as one space. A CR counts as part of a line end only.
class Collapser {
 public:
  explicit Collapser(std::string& text) : text_(text) {}

  void add_space() { has_space_ = true; }

  void add(char c) {
    if (c == ' ' || c == '\t' || c == '\n') {
      if (c == '\n' && text_.ends_with('\r')) {
        text_.pop_back();
      }
      has_space_ = true;
      return;
    }
    if (std::exchange(has_space_, false) && !text_.empty()) {
      text_ += ' ';
    }
    text_ += c;
  }

 private:
  std::string& text_;
  bool has_space_ = false;
};

void add_unescaped(Collapser& out, std::string_view octets) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (octets[i] == '\\' && i + 1 < octets.size()) {
      ++i;
    }
    out.add(octets[i]);
  }
}

void add_plain(Collapser& out, std::string_view octets) {
  for (const char c : octets) {
    out.add(c);
  }
}

void add_reading(std::vector<std::string>& readings, std::string_view text) {
  const std::size_t nul = text.find('\0');
  std::string whole = collapsed(text);
  if (!whole.empty() && std::ranges::find(readings, whole) == readings.end()) {
    readings.push_back(std::move(whole));
  }
  if (nul != std::string_view::npos) {
    add_reading(readings, text.substr(0, nul));
  }
}

void cut_to(std::string& text, std::size_t octet_limit) {
  if (text.size() <= octet_limit) {
    return;
  }
  std::size_t end = octet_limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) {
    --end;
  }
  text.resize(end);
}

}  // namespace

void RawText::append(const RawText& other, std::string_view separator) {
  if (!octets.empty() && !other.octets.empty()) {
    octets += separator;
  }
  octets += other.octets;
  has_quoted_word = has_quoted_word || other.has_quoted_word;
}

RawText text_of(AddressTokenSpan tokens) {
  RawText raw;
  Collapser out{raw.octets};
  for (const AddressToken& token : tokens) {
    if (token.is_spaced || token.kind == Kind::kComment || token.kind == Kind::kStray) {
      out.add_space();
    }
    if (token.kind == Kind::kQuoted) {
      raw.has_quoted_word = raw.has_quoted_word || has_encoded_word(token.octets);
      add_unescaped(out, token.octets);
    } else if (token.kind == Kind::kText && !token.is_encoded_word) {
      add_unescaped(out, token.octets);
    } else if (token.kind == Kind::kText || token.kind == Kind::kSyntax) {
      add_plain(out, token.octets);
    }
  }
  return raw;
}

RawText comment_text(std::string_view octets, std::size_t depth_limit) {
  RawText raw;
  Collapser out{raw.octets};
  std::size_t depth = 1;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    char c = octets[i];
    if (c == '\\' && i + 1 < octets.size()) {
      c = octets[++i];
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    }
    if (depth <= depth_limit) {
      out.add(c);
    }
  }
  return raw;
}

RawText plain_text(std::string_view octets) {
  RawText raw;
  Collapser out{raw.octets};
  add_plain(out, octets);
  return raw;
}

std::vector<std::string> shown_readings(const RawText& raw) {
  std::vector<std::string> readings;
  const DecodedText joined = decode_encoded_words(raw.octets, WordReading::kJoined);
  add_reading(readings, joined.text);
  if (joined.has_neighbours) {
    add_reading(readings, decode_encoded_words(raw.octets, WordReading::kSingly).text);
  }
  if (!joined.is_exact) {
    add_reading(readings, decode_encoded_words(raw.octets, WordReading::kReplacing).text);
  }
  if (joined.words > 0 && raw.has_quoted_word) {
    add_reading(readings, policy::raw_to_utf8(raw.octets));
  }
  // Some software decodes twice.
  if (joined.words > 0 && has_encoded_word(joined.text)) {
    add_reading(readings, decode_encoded_words(joined.text).text);
  }
  return readings;
}

std::string searchable_text(std::string_view field, std::size_t octet_limit) {
  std::string octets;
  Collapser out{octets};
  // An encoded word takes up to three octets for one: more than this seldom fits.
  for (std::size_t i = 0; i < field.size() && octets.size() < 3 * octet_limit; ++i) {
    out.add(field[i]);
  }
  std::string text = decode_encoded_words(octets).text;
  cut_to(text, octet_limit);
  return text;
}

void append_unescaped(std::string& text, const AddressToken& token) {
  for (std::size_t i = 0; i < token.octets.size(); ++i) {
    if (token.octets[i] == '\\' && !token.is_encoded_word && i + 1 < token.octets.size()) {
      ++i;
    }
    text += token.octets[i];
  }
}

bool has_encoded_word(std::string_view text) {
  EncodedWordScanner scanner{text};
  for (std::size_t at = text.find("=?"); at != std::string_view::npos;
       at = text.find("=?", at + 1)) {
    if (scanner.match(at).has_value()) {
      return true;
    }
  }
  return false;
}

std::string collapsed(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (result.ends_with(' ')) {
    result.pop_back();
  }
  return result;
}

}  // namespace gateway
