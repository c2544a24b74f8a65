// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/keys.h"

#include "directory/store/state_database.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

// A part ends with kEscape kEnd; a kEscape within it is followed by kLiteral. So "a" sorts before
// "a\0" and both before "aa", with whatever follows.
constexpr char kEscape = '\0';
constexpr char kEnd = '\x01';
constexpr char kLiteral = '\xff';

void append_part(std::string& key, std::string_view part) {
  for (const char octet : part) {
    key += octet;
    if (octet == kEscape) {
      key += kLiteral;
    }
  }
  key += kEscape;
  key += kEnd;
}

}  // namespace

std::string join_key(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    append_part(key, part);
  }
  return key;
}

std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t at = 0; at < key.size(); ++at) {
    if (key[at] != kEscape) {
      part += key[at];
      continue;
    }
    ++at;
    if (at < key.size() && key[at] == kLiteral) {
      part += kEscape;
    } else {
      parts.push_back(std::exchange(part, {}));
    }
  }
  return parts;
}

std::string number_key(std::uint64_t number) {
  constexpr unsigned kOctetBits = 8;
  constexpr std::uint64_t kOctetMask = 0xff;
  std::string key(kNumberOctets, '\0');
  for (std::size_t at = kNumberOctets; at > 0; --at) {
    key[at - 1] = static_cast<char>(number & kOctetMask);
    number >>= kOctetBits;
  }
  return key;
}

std::uint64_t number_of_key(std::string_view key) {
  constexpr unsigned kOctetBits = 8;
  if (key.size() < kNumberOctets) {
    return 0;
  }
  std::uint64_t number = 0;
  for (const char octet : key.substr(0, kNumberOctets)) {
    number = (number << kOctetBits) | static_cast<unsigned char>(octet);
  }
  return number;
}

std::string set_key(std::uint64_t set, std::initializer_list<std::string_view> parts) {
  std::string key = number_key(set);
  for (const std::string_view part : parts) {
    append_part(key, part);
  }
  return key;
}

std::string end_of_prefix(std::string_view prefix) {
  std::string end{prefix};
  while (!end.empty() && end.back() == '\xff') {
    end.pop_back();
  }
  if (!end.empty()) {
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  }
  return end;
}

}  // namespace directory
