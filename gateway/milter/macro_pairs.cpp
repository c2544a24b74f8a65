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
    if (data_left_ == 0) {
      take_of_beginning(octets.front());
      octets.remove_prefix(1);
    } else {
      const std::string_view data = octets.substr(0, data_left_);
      take_of_data(data);
      octets.remove_prefix(data.size());
    }
  }
  return are_whole_;
}

void MacroPairs::take_of_beginning(char octet) {
  beginning_[beginning_size_++] = static_cast<unsigned char>(octet);
  if (beginning_size_ < beginning_.size()) {
    return;
  }
  std::uint32_t length = 0;
  for (std::size_t i = 0; i + 1 < beginning_.size(); ++i) {
    length = length << 8U | beginning_[i];
  }
  // The command counts. Without even that libmilter ends the session.
  data_left_ = length - 1;
  is_macros_ = beginning_.back() == kMacros;
  names_and_values_ = 0;
  beginning_size_ = 0;
}

void MacroPairs::take_of_data(std::string_view data) {
  data_left_ -= static_cast<std::uint32_t>(data.size());
  if (is_macros_) {
    names_and_values_ += static_cast<std::size_t>(std::ranges::count(data, '\0'));
    are_whole_ = data_left_ > 0 || names_and_values_ % 2 == 0;
  }
}

}  // namespace gateway
