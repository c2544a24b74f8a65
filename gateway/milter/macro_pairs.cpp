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
      begun_[begun_size_++] = static_cast<unsigned char>(octets.front());
      octets.remove_prefix(1);
      if (begun_size_ == begun_.size()) {
        begin_command();
      }
      continue;
    }
    const std::string_view data = octets.substr(0, data_left_);
    octets.remove_prefix(data.size());
    data_left_ -= static_cast<std::uint32_t>(data.size());
    if (is_macros_) {
      has_odd_name_ ^= std::ranges::count(data, '\0') % 2 != 0;
      are_whole_ = data_left_ > 0 || !has_odd_name_;
    }
  }
  return are_whole_;
}

void MacroPairs::begin_command() {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i + 1 < begun_.size(); ++i) {
    length = length << 8U | begun_[i];
  }
  // The command counts. Without even that libmilter ends the session.
  data_left_ = length - 1;
  is_macros_ = begun_.back() == kMacros;
  has_odd_name_ = false;
  begun_size_ = 0;
}

}  // namespace gateway
