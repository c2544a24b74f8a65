// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/macro_pairs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <netinet/in.h>

namespace gateway {
namespace {

constexpr char kMacros = 'D';  // SMFIC_MACRO

}  // namespace

bool MacroPairs::are_whole_after(std::string_view octets) {
  while (are_whole_ && !octets.empty()) {
    octets.remove_prefix(data_left_ == 0 ? take_of_beginning(octets) : take_of_data(octets));
  }
  return are_whole_;
}

std::size_t MacroPairs::take_of_beginning(std::string_view octets) {
  if (beginning_size_ == 0 && octets.size() >= beginning_.size()) {
    begin_data(octets);
    return beginning_.size();
  }
  beginning_[beginning_size_++] = octets.front();
  if (beginning_size_ == beginning_.size()) {
    begin_data({beginning_.data(), beginning_.size()});
    beginning_size_ = 0;
  }
  return 1;
}

void MacroPairs::begin_data(std::string_view beginning) {
  std::uint32_t length = 0;
  std::memcpy(&length, beginning.data(), sizeof length);
  // The command counts. Without even that libmilter ends the session.
  data_left_ = ntohl(length) - 1;
  is_macros_ = beginning[sizeof length] == kMacros;
  names_and_values_ = 0;
}

std::size_t MacroPairs::take_of_data(std::string_view octets) {
  const std::size_t size = std::min<std::size_t>(octets.size(), data_left_);
  data_left_ -= static_cast<std::uint32_t>(size);
  if (is_macros_) {
    names_and_values_ += std::count(octets.begin(), octets.begin() + size, '\0');
    are_whole_ = data_left_ > 0 || names_and_values_ % 2 == 0;
  }
  return size;
}

}  // namespace gateway
