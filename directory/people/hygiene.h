// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/content.h"
#include "directory/people/protection_report.h"

#include <string_view>
#include <vector>

namespace directory {

/// Protected names that will raise false alarms or miss attacks: of a single word, of under five
/// letters, generic ones (which belong into `role_mailboxes`), and names of several people. One
/// warning for each kind, with how many there are and the first few.
[[nodiscard]] std::vector<ProtectionWarning> find_doubtful_names(const OrganizationPeople& people);

/// All there is to warn of: declared protection of nobody, then doubtful names.
[[nodiscard]] ProtectionReport report_on(const OrganizationPeople& people);

/// Whether several of the protected people had this name when the report was made.
[[nodiscard]] bool shares_name(const ProtectionReport& report, std::string_view name);

/// What this name alone makes one doubt, as a sentence about the one person who has it: at most one
/// warning.
[[nodiscard]] std::vector<ProtectionWarning> doubts_of(std::string_view name);

}  // namespace directory
