// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/content_records.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

// What is read is written so that the same is read again.
template <typename Decode, typename Encode>
void read_again(Decode decode, Encode encode, std::string_view value) {
  const auto read = decode(value);
  if (read.has_value()) {
    const auto again = decode(encode(*read));
    check(again.has_value() && *again == *read);
  } else {
    check(!read.error().message.empty());
  }
}

void read_values(std::string_view value) {
  read_again([](std::string_view octets) { return directory::decode_user("id", octets); },
             [](const auto& user) {
               return user.has_value() ? directory::encode_user(*user)
                                       : std::string{directory::kGone};
             },
             value);
  read_again([](std::string_view octets) { return directory::decode_group("id", octets); },
             [](const auto& group) { return directory::encode_group(group); },
             value);
  read_again([](std::string_view octets) { return directory::decode_membership(octets); },
             [](const auto& kind) { return directory::encode_membership(kind); },
             value);
  read_again([](std::string_view octets) { return directory::decode_sync_state(octets); },
             [](const auto& state) { return directory::encode_sync_state(state); },
             value);
}

// Keys are sorted part by part, and give their parts back.
void check_keys(std::string_view octets) {
  const std::size_t half = octets.size() / 2;
  const std::string_view left = octets.substr(0, half);
  const std::string_view right = octets.substr(half);
  const std::string key = directory::join_key({left, right});
  check(directory::split_key(key) ==
        std::vector<std::string>{std::string{left}, std::string{right}});
  check((directory::join_key({left}) < directory::join_key({right})) == (left < right));
  check(key.starts_with(directory::join_key({left})));
  // What is taken for a key has the parts that readers ask for.
  check(!directory::is_key_of(directory::Table::kProtections, octets) ||
        directory::split_key(octets).size() == 4);
  check(directory::is_key_of(directory::Table::kDirectories, key));
  check(
      directory::is_key_of(directory::Table::kUsers, directory::set_key(octets.size(), {octets})));
  const std::string end = directory::end_of_prefix(octets);
  check(end.empty() || (end > octets && std::string{octets} + "\xff" < end));
  check(octets.size() < directory::kNumberOctets ||
        directory::number_key(directory::number_of_key(octets)) ==
            octets.substr(0, directory::kNumberOctets));
}

constexpr auto kPieces = joined(kPiecesOfJson,
                                std::to_array<std::string_view>({"n",
                                                                 "g",
                                                                 "s",
                                                                 "m",
                                                                 "u",
                                                                 "t",
                                                                 "p",
                                                                 "o",
                                                                 "e",
                                                                 "x",
                                                                 "set",
                                                                 "source",
                                                                 "users",
                                                                 "groups",
                                                                 "n_users",
                                                                 "n_groups",
                                                                 "n_members",
                                                                 "started",
                                                                 "success",
                                                                 "attempt",
                                                                 "failure",
                                                                 "r_delta",
                                                                 "r_set",
                                                                 "r_source",
                                                                 "r_users",
                                                                 "r_groups",
                                                                 "r_users_done",
                                                                 "r_groups_done",
                                                                 "r_held",
                                                                 "r_merging",
                                                                 "r_pages",
                                                                 "r_started",
                                                                 "\"u\"",
                                                                 "\"g\"",
                                                                 "18446744073709551615",
                                                                 "-9223372036854775808",
                                                                 "1.5",
                                                                 std::string_view{"\0\x01", 2},
                                                                 std::string_view{"\0\xff", 2},
                                                                 "\xff\xff"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets = fuzz_input(data, size);
  read_values(octets);
  check_keys(octets);
  return 0;
}
