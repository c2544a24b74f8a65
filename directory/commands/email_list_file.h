// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace directory {

/// One address of a file of secondary emails.
struct EmailListEntry {
  std::uint64_t line = 0;  ///< from 1
  std::string person;      ///< an address of the person
  std::string address;
};

/// Reads a file of secondary emails: of `person`, one address a line; or, without one, a CSV file
/// with the columns Email and Secondary_Emails (one or several, separated by `;` or line ends).
[[nodiscard]] policy::Result<std::vector<EmailListEntry>> read_email_list(
    const std::filesystem::path& file, const std::string& person);

}  // namespace directory
