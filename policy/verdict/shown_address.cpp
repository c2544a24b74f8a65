// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/shown_address.h"

#include "policy/mail_address.h"
#include "policy/name/folding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Quotation marks beyond ASCII, which people put around an address.
constexpr std::array<std::string_view, 12> kQuotes{
    "«", "»", "‹", "›", "“", "”", "„", "‟", "‘", "’", "〈", "〉"};

bool is_local_part(char c) {
  return is_alphanumeric(c) || std::string_view{"._+-=&'"}.find(c) != std::string_view::npos;
}

bool is_domain(char c) {
  return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
}

// How people keep addresses from harvesters, and what each stands for.
struct Spelling {
  std::string_view text;
  char character;
};

constexpr std::array kSpellings{
    Spelling{.text = " [at] ", .character = '@'},
    Spelling{.text = "[at]", .character = '@'},
    Spelling{.text = " (at) ", .character = '@'},
    Spelling{.text = "(at)", .character = '@'},
    Spelling{.text = " at ", .character = '@'},
    Spelling{.text = " @ ", .character = '@'},
    Spelling{.text = "@ ", .character = '@'},
    Spelling{.text = "_at_", .character = '@'},
    Spelling{.text = "[.]", .character = '.'},
    Spelling{.text = "(.)", .character = '.'},
    Spelling{.text = "[dot]", .character = '.'},
    Spelling{.text = "(dot)", .character = '.'},
    Spelling{.text = " dot ", .character = '.'},
};

// What a spelling or a quotation mark begins with; most octets of a text are none of these.
constexpr std::array<bool, 256> kBeginsSpelling = [] {
  std::array<bool, 256> begins{};
  for (const Spelling& spelling : kSpellings) {
    begins.at(static_cast<unsigned char>(spelling.text.front())) = true;
  }
  for (const std::string_view quote : kQuotes) {
    begins.at(static_cast<unsigned char>(quote.front())) = true;
  }
  return begins;
}();

std::string folded(std::string_view text) {
  const std::string plain = fold_compatibly(text);
  std::string result;
  result.reserve(plain.size());
  std::string_view rest = plain;
  while (!rest.empty()) {
    if (!kBeginsSpelling[static_cast<unsigned char>(rest.front())]) {
      result += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const auto* const spelling = std::ranges::find_if(
        kSpellings, [&](const Spelling& known) { return rest.starts_with(known.text); });
    const auto* const quote = std::ranges::find_if(
        kQuotes, [&](std::string_view known) { return rest.starts_with(known); });
    if (quote != kQuotes.end()) {
      result += ' ';
      rest.remove_prefix(quote->size());
      continue;
    }
    const bool is_spelling = spelling != kSpellings.end();
    result += is_spelling ? spelling->character : rest.front();
    rest.remove_prefix(is_spelling ? spelling->text.size() : 1);
  }
  return result;
}

std::string_view address_around(std::string_view text, std::size_t at) {
  std::size_t first = at;
  while (first > 0 && is_local_part(text[first - 1])) {
    --first;
  }
  while (first < at && !is_alphanumeric(text[first])) {
    ++first;
  }
  std::size_t last = at + 1;
  while (last < text.size() && is_domain(text[last])) {
    ++last;
  }
  while (last > at + 1 && !is_alphanumeric(text[last - 1])) {
    --last;
  }
  const bool is_complete = first < at && last > at + 1;
  return is_complete ? text.substr(first, last - first) : std::string_view{};
}

// Most shown texts are names; this tells them from addresses without folding them.
bool may_hold_address(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_at_word = (c == 'a' || c == 'A') && i > 0 && i + 2 < text.size() &&
                            (text[i + 1] == 't' || text[i + 1] == 'T') &&
                            std::string_view{" [(_"}.contains(text[i - 1]) &&
                            std::string_view{" ])_"}.contains(text[i + 2]);
    if (c == '@' || is_at_word || static_cast<unsigned char>(c) >= 0x80) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> shown_addresses(std::string_view text) {
  std::vector<std::string> found;
  if (!may_hold_address(text)) {
    return found;
  }
  const std::string shown = folded(text);
  for (std::size_t at = shown.find('@');
       at != std::string::npos && found.size() < kMaximumShownAddresses;
       at = shown.find('@', at + 1)) {
    const std::string_view address = address_around(shown, at);
    if (address.find('.', address.find('@') + 1) == std::string_view::npos) {
      continue;
    }
    std::string canonical = canonical_address(address);
    if (std::ranges::find(found, canonical) == found.end()) {
      found.push_back(std::move(canonical));
    }
  }
  return found;
}

}  // namespace policy
