// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway {

/// Finds, in what a peer sends over one milter connection, a list of macros whose last name has no
/// value. No MTA sends one, and libmilter 8.17 reads beyond its end: whoever can connect could end
/// the process.
///
/// Follows commands as libmilter takes them apart: four octets of length, one of command, the data;
/// in the data of SMFIC_MACRO, after the octet of the command that they are for, names and values
/// in turn, each with a NUL at its end. For one thread at a time.
class MacroPairs {
 public:
  /// Whether libmilter can bear `octets`, the next ones of the connection, and all before them.
  /// False from the last octet of such a list on.
  [[nodiscard]] bool are_whole_after(std::string_view octets);

 private:
  // How many of `octets`, which are not none, belong to the beginning of a command, or to its data.
  std::size_t take_of_beginning(std::string_view octets);
  std::size_t take_of_data(std::string_view octets);
  void begin_data(std::string_view beginning);

  std::array<char, 5> beginning_{};  // length and command, while they come in pieces
  std::size_t beginning_size_ = 0;
  std::uint32_t data_left_ = 0;
  bool is_macros_ = false;
  std::ptrdiff_t names_and_values_ = 0;
  bool are_whole_ = true;
};

}  // namespace gateway
