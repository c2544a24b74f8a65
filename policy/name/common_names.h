// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace policy {

/// Names that many people bear. What looks like a misspelt name is another person's if it is one of
/// these: "Hansen" is no "Hanson" with a slip. Immutable once made; thread-safe.
///
/// The file has names of one word, separated by blanks or commas, in any script; case and marks
/// make no difference. `#` starts a comment. The sections `[given names]` and `[surnames]` are for
/// the reader alone.
class CommonNames {
 public:
  /// Reads the text of a file of names. `kInvalidInput` names the line and what would be right.
  [[nodiscard]] static Result<CommonNames> parse(std::string_view text);

  /// The names of conf/common-names.txt, as they were when the program was built.
  [[nodiscard]] static const CommonNames& built_in();

  /// Whether the token, in the form of `plain_tokens`, is a common given name or surname.
  [[nodiscard]] bool contains(std::string_view plain_token) const;

 private:
  Result<void> add_line(std::string_view line);

  std::set<std::string, std::less<>> names_;
};

}  // namespace policy
