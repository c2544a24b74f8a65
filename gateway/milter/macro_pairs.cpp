// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/macro_pairs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway {
namespace {

constexpr unsigned char kMacros = 'D';  // SMFIC_MACRO

}  // namespace

bool MacroPairs::are_whole_after(std::string_view octets) {
  while (are_whole_ && !octets.empty()) {
    octets.remove_prefix(data_left_ == 0 ? take_of_beginning(octets) : take_of_data(octets));
  }
  return are_whole_;
}

std::size_t MacroPairs::take_of_beginning(std::string_view octets) {
  const std::size_t size = std::min(octets.size(), beginning_.size() - beginning_size_);
  std::copy_n(octets.begin(), size, beginning_.begin() + beginning_size_);
  beginning_size_ += size;
  if (beginning_size_ == beginning_.size()) {
    const std::uint32_t length = std::uint32_t{beginning_[0]} << 24U |
                                 std::uint32_t{beginning_[1]} << 16U |
                                 std::uint32_t{beginning_[2]} << 8U | beginning_[3];
    // The command counts. Without even that libmilter ends the session.
    data_left_ = length - 1;
    is_macros_ = beginning_[4] == kMacros;
    names_and_values_ = 0;
    beginning_size_ = 0;
  }
  return size;
}

std::size_t MacroPairs::take_of_data(std::string_view octets) {
  const std::size_t size = std::min<std::size_t>(octets.size(), data_left_);
  data_left_ -= static_cast<std::uint32_t>(size);
  if (is_macros_) {
    names_and_values_ += static_cast<std::size_t>(std::ranges::count(octets.substr(0, size), '\0'));
    are_whole_ = data_left_ > 0 || names_and_values_ % 2 == 0;
  }
  return size;
}

}  // namespace gateway
