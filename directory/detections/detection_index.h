// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detection_filter.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Numbers that stand for texts; none is ever forgotten.
class NumberedTexts {
 public:
  /// Stands for a text that has no number.
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// The number of this text, which gets one if it has none.
  [[nodiscard]] std::uint32_t number(std::string_view text);

  /// `kNone` if it has none.
  [[nodiscard]] std::uint32_t find(std::string_view text) const;

  /// The texts, each at the place of its number.
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string> texts_;
};

/// Says quickly which detections a filter may want, so that not all of them have to be read. Takes
/// about 120 octets for each. Words and people are compared exactly; of texts it knows which five
/// octets in a row occur among some records, and so names some records too many, but none too few.
/// For one thread.
class DetectionIndex {
 public:
  /// Records that are indexed; beyond them the oldest ones are left out.
  static constexpr std::size_t kMostRecords = std::size_t{1} << 21U;

  /// Visits an id; false ends the visit.
  using Visitor = std::function<bool(const policy::Ulid&)>;

  /// Adds a record that is newer than all of them or older than all of them; any other, and an
  /// older one that there is no room for, is left out.
  void add(const policy::DetectionRecord& record);

  /// The same for a record that cannot be read: every filter may want it.
  void add_unreadable(const policy::Ulid& id);

  /// Leaves out the records with lesser ids, most of them at least.
  void forget_before(const policy::Ulid& id);

  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] bool is_full() const { return size_ >= kMostRecords; }

  /// The ids between which all are indexed; nil if none is.
  [[nodiscard]] policy::Ulid oldest() const;
  [[nodiscard]] policy::Ulid newest() const;

  /// Visits the records that may pass the filter, the newest first, with ids less than `before`
  /// (nil: from the newest) and greater than `after`. Times of the filter are not looked at.
  void for_each_candidate(const DetectionFilter& filter,
                          const policy::Ulid& before,
                          const policy::Ulid& after,
                          const Visitor& visit) const;

 private:
  static constexpr std::size_t kRowsOfBlock = 32;
  static constexpr std::size_t kSignatureBits = std::size_t{1} << 14U;
  static constexpr std::size_t kWords = 6;

  struct Row {
    policy::Ulid id;
    std::array<std::uint32_t, kWords> words{};
    std::uint32_t person = NumberedTexts::kNone;  // `kNone`: the record cannot be read
  };

  struct Block {
    std::vector<Row> rows;  // by id, never empty
    std::bitset<kSignatureBits> signature;
  };

  struct Query;
  [[nodiscard]] Query query_of(const DetectionFilter& filter) const;
  [[nodiscard]] static bool may_hold(const Block& block, const Query& query);
  [[nodiscard]] static bool may_pass(const Row& row, const Query& query);
  [[nodiscard]] static bool visit_block(const Block& block,
                                        const Query& query,
                                        const Visitor& visit);
  [[nodiscard]] Row row_of(const policy::DetectionRecord& record);
  [[nodiscard]] Block* place(const Row& row);
  static void sign(Block& block, const policy::DetectionRecord& record);

  std::deque<std::unique_ptr<Block>> blocks_;  // by id
  std::size_t size_ = 0;
  NumberedTexts words_;
  NumberedTexts people_;  // folded
};

}  // namespace directory
