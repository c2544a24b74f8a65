// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/address_entry.h"

#include "gateway/message/address_tokens.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Kind = AddressTokenKind;
using Span = AddressTokenSpan;

bool is_word(const AddressToken& token) {
  return token.kind == Kind::kText || token.kind == Kind::kQuoted;
}

// Whether white space on either side of an @ still makes an address of it.
enum class Spacing { kTight, kLoose };

// Where the local part before the @ at `at` begins; `at` where there is none. A comment belongs to
// an address only beside its @.
std::size_t local_part_start(Span text, std::size_t at, std::size_t floor, Spacing spacing) {
  std::size_t end = at;
  while (end > floor && text[end - 1].kind == Kind::kComment) {
    --end;
  }
  std::size_t start = end;
  bool is_joined = spacing == Spacing::kLoose || !text[end].is_spaced;
  while (start > floor && is_joined && is_word(text[start - 1])) {
    --start;
    is_joined = !text[start].is_spaced;
  }
  return start == end ? at : start;
}

// Behind the domain after the @ at `at`; `at + 1` where there is none.
std::size_t domain_end(Span text, std::size_t at, Spacing spacing) {
  std::size_t start = at + 1;
  while (start < text.size() && text[start].kind == Kind::kComment) {
    ++start;
  }
  std::size_t end = start;
  while (end < text.size() && (is_word(text[end]) || text[end].is('@')) &&
         (!text[end].is_spaced || (end == start && spacing == Spacing::kLoose))) {
    ++end;
  }
  return end == start ? at + 1 : end;
}

// The addresses that stand in `text` without angle brackets.
std::vector<Span> bare_addresses(Span text, Spacing spacing) {
  std::vector<Span> found;
  std::size_t floor = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!text[i].is('@')) {
      continue;
    }
    const std::size_t start = local_part_start(text, i, floor, spacing);
    // Looked at only behind a local part, so that a row of @ takes linear time.
    const std::size_t end = start < i ? domain_end(text, i, spacing) : i;
    if (end > i + 1) {
      found.push_back(text.subspan(start, end - start));
      floor = end;
      i = end - 1;
    }
  }
  return found;
}

class EntryReader {
 public:
  explicit EntryReader(Span entry) : entry_(entry) {}

  [[nodiscard]] EntryParts run() {
    cut_at_angles();
    collect_bare_addresses();
    choose_address();
    return std::move(parts_);
  }

 private:
  void cut_at_angles() {
    std::size_t text_start = 0;
    std::size_t i = 0;
    while (i < entry_.size()) {
      if (!entry_[i].is('<') && !entry_[i].is('>')) {
        ++i;
        continue;
      }
      add_text(text_start, i);
      if (entry_[i].is('>')) {
        parts_.has_unbalanced_angle = true;
        text_start = ++i;
        continue;
      }
      std::size_t end = i + 1;
      while (end < entry_.size() && !entry_[end].is('>') && !entry_[end].is('<')) {
        ++end;
      }
      add_angle(entry_.subspan(i + 1, end - i - 1));
      const bool is_closed = end < entry_.size() && entry_[end].is('>');
      parts_.has_unbalanced_angle = parts_.has_unbalanced_angle || !is_closed;
      i = is_closed ? end + 1 : end;
      text_start = i;
    }
    add_text(text_start, entry_.size());
  }

  void add_text(std::size_t first, std::size_t last) {
    if (first < last) {
      parts_.texts.push_back(entry_.subspan(first, last - first));
    }
  }

  // The content of one pair of angle brackets: an address, behind a route perhaps.
  void add_angle(Span content) {
    parts_.has_angle = true;
    std::size_t first = 0;
    for (std::size_t i = 0; i < content.size(); ++i) {
      if (content[i].is(':') || content[i].is(',')) {
        add_before_separator(content.subspan(first, i - first), content[i].is(':'));
        first = i + 1;
      }
    }
    const Span address = content.subspan(first);
    if (address.empty()) {
      parts_.has_empty_angle = true;
    } else {
      angles_.push_back(address);
    }
  }

  void add_before_separator(Span piece, bool is_colon) {
    if (!piece.empty() && piece.front().is('@')) {
      parts_.has_route = true;
      return;
    }
    parts_.has_stray_colon = parts_.has_stray_colon || is_colon;
    if (has_syntax(piece, '@')) {
      parts_.other_addresses.push_back(piece);
    }
  }

  void collect_bare_addresses() {
    const Spacing spacing = angles_.empty() ? Spacing::kLoose : Spacing::kTight;
    for (const Span text : parts_.texts) {
      for (const Span address : bare_addresses(text, spacing)) {
        bare_.push_back(address);
      }
    }
  }

  void choose_address() {
    const auto has_at = [](Span address) { return has_syntax(address, '@'); };
    const auto from_last = std::views::reverse(angles_);
    const auto last_angle = std::ranges::find_if(from_last, has_at);
    if (last_angle != from_last.end()) {
      take(angles_, static_cast<std::size_t>(from_last.end() - last_angle) - 1);
    } else if (!bare_.empty()) {
      cut_text_at(bare_.back());
      take(bare_, bare_.size() - 1);
    } else if (!angles_.empty()) {
      take(angles_, angles_.size() - 1);
    }
    std::ranges::copy_if(angles_, std::back_inserter(parts_.other_addresses), has_at);
    parts_.other_addresses.insert(parts_.other_addresses.end(), bare_.begin(), bare_.end());
  }

  void take(std::vector<Span>& addresses, std::size_t index) {
    parts_.address = addresses[index];
    addresses.erase(addresses.begin() + static_cast<std::ptrdiff_t>(index));
  }

  // A bare address is part of the text around it until here.
  void cut_text_at(Span address) {
    std::vector<Span> texts;
    for (const Span text : parts_.texts) {
      const AddressToken* const end = text.data() + text.size();
      if (address.data() < text.data() || address.data() >= end) {
        texts.push_back(text);
        continue;
      }
      const auto before = static_cast<std::size_t>(address.data() - text.data());
      if (before > 0) {
        texts.push_back(text.first(before));
      }
      if (before + address.size() < text.size()) {
        texts.push_back(text.subspan(before + address.size()));
      }
    }
    parts_.texts = std::move(texts);
  }

  Span entry_;
  EntryParts parts_;
  std::vector<Span> angles_;
  std::vector<Span> bare_;
};

}  // namespace

EntryParts take_apart(AddressTokenSpan entry) {
  return EntryReader{entry}.run();
}

bool has_syntax(AddressTokenSpan tokens, char c) {
  return std::ranges::any_of(tokens, [c](const AddressToken& token) { return token.is(c); });
}

std::optional<AddressEntry> AddressEntryReader::next() {
  if (is_done_) {
    return std::nullopt;
  }
  bool is_in_angle = false;
  bool is_in_route = false;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const AddressToken& token = rest_[i];
    if (token.is('<')) {
      is_in_angle = true;
      is_in_route = i + 1 < rest_.size() && rest_[i + 1].is('@');
    } else if (token.is('>')) {
      is_in_angle = false;
      is_in_route = false;
    } else if (token.is(';') || (token.is(',') && !is_in_route) ||
               (token.is(':') && !is_in_angle)) {
      const AddressEntry entry{.tokens = rest_.first(i), .separator = token.octets.front()};
      rest_ = rest_.subspan(i + 1);
      return entry;
    }
  }
  is_done_ = true;
  return AddressEntry{.tokens = rest_, .separator = '\0'};
}

}  // namespace gateway
