// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace directory {

/// Octets of a number in a key.
inline constexpr std::size_t kNumberOctets = 8;

/// A number as a key, or the beginning of one: such keys sort by it.
[[nodiscard]] std::string number_key(std::uint64_t number);

/// The number a key begins with; 0 if it is too short for one.
[[nodiscard]] std::uint64_t number_of_key(std::string_view key);

/// The key of a record of a set.
[[nodiscard]] std::string set_key(std::uint64_t set, std::initializer_list<std::string_view> parts);

/// Whether this can be a key of the table: of as many parts as its readers take it apart into. True
/// of tables whose keys nobody takes apart.
[[nodiscard]] bool is_key_of(Table table, std::string_view key);

/// The least string that is greater than all that begin with `prefix`; empty if there is none.
[[nodiscard]] std::string end_of_prefix(std::string_view prefix);

}  // namespace directory
