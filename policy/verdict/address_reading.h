// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/result.h"
#include "policy/verdict/address_patterns.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// More entries than that in one list are an error.
inline constexpr std::size_t kMaximumListEntries = 1'000'000;

/// A file that a policy reads beside itself, and what is in it.
struct PolicyDataFile {
  std::filesystem::path path;
  std::string text;
};

/// What reading a policy takes along: where it stands, and what else was read.
struct PolicyReading {
  std::filesystem::path folder;  ///< of the policy file; no file outside of it is read
  std::vector<PolicyDataFile> files;
  AddressLists lists;
};

/// Reads the `lists` of the file into `reading`.
void read_lists(MappingReader& file, PolicyReading& reading, Problems& problems);

/// Reads a condition that lists addresses, `"*@domain"` and names of lists.
[[nodiscard]] AddressPatterns read_address_patterns(MappingReader& mapping,
                                                    std::string_view key,
                                                    const AddressLists& lists,
                                                    Problems& problems);

/// Reads a condition that lists addresses alone: canonical, sorted, none twice.
[[nodiscard]] std::vector<std::string> read_addresses(MappingReader& mapping,
                                                      std::string_view key,
                                                      Problems& problems);

}  // namespace policy
