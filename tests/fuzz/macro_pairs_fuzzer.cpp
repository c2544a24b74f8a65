// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/macro_pairs.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

constexpr std::size_t kLengthOctets = 4;

// The same of a whole connection, which is not how it comes.
bool are_whole(std::string_view octets) {
  while (octets.size() > kLengthOctets) {
    std::uint32_t length = 0;
    for (const char octet : octets.substr(0, kLengthOctets)) {
      length = length * 256 + static_cast<unsigned char>(octet);
    }
    const bool is_macros = octets[kLengthOctets] == 'D';
    octets.remove_prefix(kLengthOctets + 1);
    const std::string_view data = octets.substr(0, length - 1);
    if (is_macros && data.size() == length - 1 && std::ranges::count(data, '\0') % 2 != 0) {
      return false;
    }
    octets.remove_prefix(data.size());
  }
  return true;
}

// In pieces whose sizes the octets say.
bool are_whole_in_pieces(std::string_view octets) {
  constexpr std::size_t kLongestPiece = 13;
  gateway::MacroPairs pairs;
  bool are_whole = true;
  while (!octets.empty()) {
    const std::string_view piece =
        octets.substr(0, 1 + static_cast<unsigned char>(octets.front()) % kLongestPiece);
    const bool is_this_too = pairs.are_whole_after(piece);
    check(are_whole || !is_this_too);
    are_whole = is_this_too;
    octets.remove_prefix(piece.size());
  }
  return are_whole;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets = fuzz_input(data, size);
  const bool expected = are_whole(octets);
  check(gateway::MacroPairs{}.are_whole_after(octets) == expected);
  check(are_whole_in_pieces(octets) == expected);
  return 0;
}
