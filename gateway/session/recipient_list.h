// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The recipients of one message, each kept once, in one piece of memory. So many that no MTA sends
/// them are not kept at all, and what was taken for many goes back to the system. For one thread.
class RecipientList {
 public:
  /// `most` is how many are kept, with 64 octets each on average.
  explicit RecipientList(std::size_t most) : most_(most) {}

  RecipientList(const RecipientList&) = delete;
  RecipientList& operator=(const RecipientList&) = delete;
  RecipientList(RecipientList&&) = delete;
  RecipientList& operator=(RecipientList&&) = delete;

  ~RecipientList() { clear(); }

  /// `address` is without angles. False where it is one too many: from here nobody is kept.
  [[nodiscard]] bool add(std::string_view address);

  /// Whether one was too many.
  [[nodiscard]] bool is_over() const { return is_over_; }

  /// In the order in which they came; empty where one was too many.
  [[nodiscard]] std::vector<std::string> all() const;

  /// The same as canonical addresses.
  [[nodiscard]] std::vector<std::string> canonical() const;

 private:
  template <typename Make>
  [[nodiscard]] std::vector<std::string> each(Make make) const;

  void clear();

  std::size_t most_;
  bool is_over_ = false;
  std::string octets_;
  std::vector<std::uint32_t> ends_;  // of each, in the octets
};

}  // namespace gateway
