// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/name_forms.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// No key is longer; a longer one is cut and closed by a digest of the whole.
inline constexpr std::size_t kMaximumNameKeyOctets = 512;

/// The keys under which a shown name is looked up: for each form its tokens as a multiset, and its
/// letters without the spaces. Any key in common with `protected_name_keys` of a protected name
/// makes that person a candidate; `compare_names` then says whether and how the two match.
/// Without duplicates; empty if the name has no letter.
[[nodiscard]] std::vector<std::string> name_keys(std::string_view shown_name);

/// The same, where names with the same words come one after the other.
[[nodiscard]] std::vector<std::string> name_keys(std::string_view shown_name, KnownWords& known);

/// The same from forms that are already at hand.
[[nodiscard]] std::vector<std::string> name_keys(const std::vector<NameForm>& forms);

/// `key`, cut and closed by a digest where it is longer than `kMaximumNameKeyOctets`.
[[nodiscard]] std::string bounded_key(std::string key);

}  // namespace policy
