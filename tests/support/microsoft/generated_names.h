// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace tests::microsoft {

/// A made-up name, and its parts as they stand in an address.
struct GeneratedName {
  std::string given;
  std::string surname;
  std::string mailbox;  ///< ASCII, in lower case: ada.lovelace
};

/// How many names there are.
[[nodiscard]] std::size_t generated_name_count();

/// A name; another number gives another name as long as both are below the count.
[[nodiscard]] GeneratedName generated_name(std::size_t number);

}  // namespace tests::microsoft
