// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_index.h"

#include "directory/detections/detection_filter.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/name/folding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

// The words of a record that are compared whole, in the order of the columns.
using Words = std::array<std::string_view, 6>;

Words words_of(const policy::DetectionRecord& record) {
  return {record.organization,
          record.finding,
          match_word(record),
          record.action,
          record.disposition,
          record.rule};
}

Words words_of(const DetectionFilter& filter) {
  return {filter.organization,
          filter.finding,
          filter.match,
          filter.action,
          filter.disposition,
          filter.rule};
}

// Fewer are found in too many records, and more are not in short texts that people look for.
constexpr std::size_t kOctetsInARow = 5;

// Calls `visit` with a number less than `count`, a power of two, for each so many octets in a row.
template <typename Visit>
void for_each_piece(std::string_view text, std::size_t count, const Visit& visit) {
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15U;
  constexpr unsigned kHighBits = 32;
  for (std::size_t i = kOctetsInARow; i <= text.size(); ++i) {
    std::uint64_t octets = 0;
    for (const char c : text.substr(i - kOctetsInARow, kOctetsInARow)) {
      octets = (octets << 8U) | static_cast<unsigned char>(c);
    }
    visit(((octets * kSpread) >> kHighBits) & (count - 1));
  }
}

}  // namespace

std::uint32_t NumberedTexts::number(std::string_view text) {
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) {
    return found->second;
  }
  const auto number = static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(text, number);
  texts_.emplace_back(text);
  return number;
}

std::uint32_t NumberedTexts::find(std::string_view text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? kNone : found->second;
}

// What a filter asks of rows and blocks.
struct DetectionIndex::Query {
  std::vector<std::pair<std::size_t, std::uint32_t>> words;  // by column
  std::optional<std::vector<std::uint32_t>> organizations;   // sorted; absent: any
  std::optional<std::vector<bool>> people;                   // by number; absent: any
  std::vector<std::size_t> pieces;                           // of texts
  bool is_void = false;                                      // nothing can pass
};

DetectionIndex::Query DetectionIndex::query_of(const DetectionFilter& filter) const {
  Query query;
  const Words words = words_of(filter);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].empty()) {
      query.words.emplace_back(i, words_.find(words[i]));
      query.is_void = query.is_void || query.words.back().second == NumberedTexts::kNone;
    }
  }
  const auto& organizations = filter.organizations;
  if (organizations.has_value()) {
    query.organizations.emplace();
    for (const std::string& organization : *organizations) {
      query.organizations->push_back(words_.find(organization));
    }
    std::ranges::sort(*query.organizations);
  }
  if (!filter.person.empty()) {
    const std::string wanted = policy::fold_compatibly(filter.person);
    query.people.emplace();
    for (const std::string& person : people_.texts()) {
      query.people->push_back(person.contains(wanted));
    }
  }
  for (const std::string* text : {&filter.address, &filter.text}) {
    for_each_piece(policy::fold_compatibly(*text), kSignatureBits, [&](std::size_t piece) {
      query.pieces.push_back(piece);
    });
  }
  return query;
}

bool DetectionIndex::may_hold(const Block& block, const Query& query) {
  return std::ranges::all_of(query.pieces,
                             [&](std::size_t piece) { return block.signature.test(piece); });
}

bool DetectionIndex::may_pass(const Row& row, const Query& query) {
  if (row.person == NumberedTexts::kNone) {
    return true;
  }
  const bool has_words = std::ranges::all_of(
      query.words, [&](const auto& word) { return row.words[word.first] == word.second; });
  const auto& organizations = query.organizations;
  const auto& people = query.people;
  return has_words &&
         (!organizations.has_value() ||
          std::ranges::binary_search(*organizations, row.words.front())) &&
         (!people.has_value() || (*people)[row.person]);
}

DetectionIndex::Row DetectionIndex::row_of(const policy::DetectionRecord& record) {
  Row row{.id = record.id,
          .words = {},
          .person = people_.number(policy::fold_compatibly(record.person))};
  std::ranges::transform(words_of(record), row.words.begin(), [&](std::string_view word) {
    return words_.number(word);
  });
  return row;
}

void DetectionIndex::sign(Block& block, const policy::DetectionRecord& record) {
  for_each_searched_text(record, [&](std::string_view text) {
    for_each_piece(policy::fold_compatibly(text), kSignatureBits, [&](std::size_t piece) {
      block.signature.set(piece);
    });
  });
}

// Puts the row where it belongs, and gives its block; null if it is left out.
DetectionIndex::Block* DetectionIndex::place(const Row& row) {
  const bool is_newer = blocks_.empty() || row.id > newest();
  if (!is_newer && (row.id >= oldest() || is_full())) {
    return nullptr;
  }
  if (is_newer && is_full()) {
    size_ -= blocks_.front()->rows.size();
    blocks_.pop_front();
  }
  const auto is_needed = [&](const auto& next_to_it) {
    return blocks_.empty() || next_to_it()->rows.size() >= kRowsOfBlock;
  };
  if (is_newer && is_needed([&] { return blocks_.back().get(); })) {
    blocks_.push_back(std::make_unique<Block>());
  } else if (!is_newer && is_needed([&] { return blocks_.front().get(); })) {
    blocks_.push_front(std::make_unique<Block>());
  }
  Block& block = is_newer ? *blocks_.back() : *blocks_.front();
  block.rows.insert(is_newer ? block.rows.end() : block.rows.begin(), row);
  ++size_;
  return &block;
}

void DetectionIndex::add(const policy::DetectionRecord& record) {
  Block* const block = place(row_of(record));
  if (block != nullptr) {
    sign(*block, record);
  }
}

void DetectionIndex::add_unreadable(const policy::Ulid& id) {
  Block* const block = place({.id = id, .words = {}, .person = NumberedTexts::kNone});
  if (block != nullptr) {
    block->signature.set();
  }
}

void DetectionIndex::forget_before(const policy::Ulid& id) {
  while (!blocks_.empty() && blocks_.front()->rows.back().id < id) {
    size_ -= blocks_.front()->rows.size();
    blocks_.pop_front();
  }
}

policy::Ulid DetectionIndex::oldest() const {
  return blocks_.empty() ? policy::Ulid{} : blocks_.front()->rows.front().id;
}

policy::Ulid DetectionIndex::newest() const {
  return blocks_.empty() ? policy::Ulid{} : blocks_.back()->rows.back().id;
}

bool DetectionIndex::visit_block(const Block& block, const Query& query, const Visitor& visit) {
  return std::ranges::all_of(std::views::reverse(block.rows), [&](const Row& row) {
    return !may_pass(row, query) || visit(row.id);
  });
}

void DetectionIndex::for_each_candidate(const DetectionFilter& filter,
                                        const policy::Ulid& before,
                                        const policy::Ulid& after,
                                        const Visitor& visit) const {
  const Query query = query_of(filter);
  if (query.is_void) {
    return;
  }
  const Visitor visit_between = [&](const policy::Ulid& id) {
    if (!before.is_nil() && id >= before) {
      return true;
    }
    return id > after && visit(id);
  };
  for (const std::unique_ptr<Block>& block : std::views::reverse(blocks_)) {
    if (block->rows.back().id <= after) {
      return;
    }
    const bool is_later = !before.is_nil() && block->rows.front().id >= before;
    if (!is_later && may_hold(*block, query) && !visit_block(*block, query, visit_between)) {
      return;
    }
  }
}

}  // namespace directory
