// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/name_search.h"

#include <string_view>
#include <vector>

namespace policy {

/// Everybody whose name or address stands anywhere in a text: a name of two to four words next to
/// each other, or of one word in a script that needs no spaces. Dear, a few look-ups a word: for
/// texts that broke a limit of reading.
[[nodiscard]] Result<std::vector<PersonRef>> people_within(std::string_view text,
                                                           NameSearch& search);

}  // namespace policy
