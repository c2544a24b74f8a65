// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/keys.h"

#include "directory/store/state_database.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
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

// How many whole parts the octets are; nothing if something else is among or behind them.
std::optional<std::size_t> count_parts(std::string_view octets) {
  std::size_t parts = 0;
  std::size_t end_of_last = 0;
  for (std::size_t at = octets.find(kEscape); at != std::string_view::npos;
       at = octets.find(kEscape, at + 2)) {
    const char mark = at + 1 < octets.size() ? octets[at + 1] : kEscape;
    if (mark != kEnd && mark != kLiteral) {
      return std::nullopt;
    }
    if (mark == kEnd) {
      ++parts;
      end_of_last = at + 2;
    }
  }
  return end_of_last == octets.size() ? std::optional{parts} : std::nullopt;
}

// What the keys of a table are made of.
struct KeyShape {
  std::size_t numbers = 0;
  std::size_t parts = 0;  // 0: nobody takes them apart
};

KeyShape shape_of(Table table) {
  switch (table) {
    case Table::kDomains:
    case Table::kMxSightings: return {.numbers = 0, .parts = 1};
    case Table::kDirectories:
    case Table::kSyncStates: return {.numbers = 0, .parts = 2};
    case Table::kSecondaryEmails: return {.numbers = 0, .parts = 3};
    case Table::kProtections: return {.numbers = 0, .parts = 4};
    case Table::kUsers:
    case Table::kGroups: return {.numbers = 1, .parts = 1};
    case Table::kGroupMembers:
    case Table::kMemberGroups: return {.numbers = 1, .parts = 2};
    default: return {};
  }
}

}  // namespace

bool is_key_of(Table table, std::string_view key) {
  const auto [numbers, parts] = shape_of(table);
  const std::size_t octets = numbers * kNumberOctets;
  return parts == 0 || (key.size() >= octets && count_parts(key.substr(octets)) == parts);
}

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
