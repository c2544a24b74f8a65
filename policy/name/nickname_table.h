// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Given names and what their bearers are called for short. Immutable once made; thread-safe.
///
/// The file has one given name a line, then a colon and its nicknames: `robert: bob, bobby, rob`.
/// `#` starts a comment. Names are of one word, of any script; case and marks make no difference.
/// A given name and its nickname stand for each other, two nicknames of one name do not.
class NicknameTable {
 public:
  /// Reads the text of a nickname file. `kInvalidInput` names the line and what would be right.
  [[nodiscard]] static Result<NicknameTable> parse(std::string_view text);

  /// The table of conf/nicknames.txt, as it was when the program was built.
  [[nodiscard]] static const NicknameTable& built_in();

  /// What `given_name`, one token in the form of `plain_tokens`, may be replaced by: its nicknames
  /// and the names that it is a nickname of. Sorted; empty if there are none.
  [[nodiscard]] std::vector<std::string> relatives_of(std::string_view given_name) const;

 private:
  using Lines = std::map<std::string, std::size_t, std::less<>>;  // by given name

  Result<void> add_line(std::size_t number, std::string_view line, Lines& lines);

  std::map<std::string, std::set<std::string>, std::less<>> relatives_;
};

}  // namespace policy
