// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/name_forms.h"

#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// The keys under which a protected name is stored in a generation: sorted, without duplicates,
/// none empty, each at most `kMaximumNameKeyOctets` long. They are found again by `name_keys` of
/// any shown name that may match. A name without letters has none.
///
/// `whole_string_only` is for role mailboxes: no reordered forms are stored.
[[nodiscard]] std::vector<std::string> protected_name_keys(std::string_view name,
                                                           bool whole_string_only);

/// The same from forms that are already at hand.
[[nodiscard]] std::vector<std::string> protected_name_keys(const std::vector<NameForm>& forms,
                                                           bool whole_string_only);

/// Every further name under which a person of this display name, given name and surname (the last
/// two may be empty) is matched: given name and surname in both orders, and the display name
/// without the directory's own decorations such as `(IT)`, `| Contoso`, `- Ext`. Without
/// `display_name` itself and without duplicates.
[[nodiscard]] std::vector<std::string> other_names(std::string_view display_name,
                                                   std::string_view given_name,
                                                   std::string_view surname);

/// What the keys depend on beside the name: version of the algorithm and of ICU. A generation
/// whose keys were made by another version cannot be searched and must be built again.
[[nodiscard]] std::string name_key_version();

}  // namespace policy
