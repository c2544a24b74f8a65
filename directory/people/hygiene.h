// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/content.h"

#include <vector>

namespace directory {

/// Protected names that will raise false alarms or miss attacks: of a single word, of under five
/// letters, generic ones (which belong into `role_mailboxes`), and names of several people. One
/// warning for each kind, with how many there are and the first few.
[[nodiscard]] std::vector<ProtectionWarning> find_doubtful_names(const OrganizationPeople& people);

}  // namespace directory
