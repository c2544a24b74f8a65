// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace directory {

/// A user as a directory has it.
struct DirectoryUser {
  std::string id;  ///< stable within the directory; a CSV directory uses the primary address
  std::string display_name;
  std::string given_name;              ///< may be empty
  std::string surname;                 ///< may be empty
  std::vector<std::string> addresses;  ///< canonical, without duplicates; the primary one first
  std::vector<std::string> groups;     ///< display names, nested groups closed
  std::vector<std::string> group_ids;  ///< of the same groups in that order; empty for names alone
};

}  // namespace directory
