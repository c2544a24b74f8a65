// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/name_forms.h"

#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A name with nothing taken off but what people vary in good faith: case, width, marks,
/// apostrophes.
struct PlainName {
  NameForm form;           ///< its path is `kFolded`; no skeleton was made of its tokens
  bool disguised = false;  ///< there is more in the text than it shows: invisible characters
};

/// Reads a name plainly. Text that is no UTF-8 is read with U+FFFD in place of bad octets.
[[nodiscard]] PlainName plain_name(std::string_view name);

/// The tokens of the plain name: lower case, without marks, none a pure number.
[[nodiscard]] std::vector<std::string> plain_tokens(std::string_view name);

/// The text as it is spelt where the letters of German and Nordic languages are missing: `Jürgen`
/// as `juergen`. Empty if there is no such letter in it.
[[nodiscard]] std::string transcribed_name(std::string_view name);

}  // namespace policy
