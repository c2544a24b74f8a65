// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/person.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace policy {

/// The words of the organizations' own names: of the name itself and of the labels of the domains
/// but the last. They are decoration when they stand around a person's name. Immutable.
class OrganizationWords {
 public:
  explicit OrganizationWords(const std::vector<Organization>& organizations);

  /// Whether the token (in the form of `lexicon_token`) is a word of one of `asked` (sorted).
  [[nodiscard]] bool contains(std::string_view token,
                              std::span<const OrganizationNumber> asked) const;

 private:
  void add(std::string_view text, OrganizationNumber organization);

  struct TextHash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::unordered_map<std::string, std::vector<OrganizationNumber>, TextHash, std::equal_to<>>
      organizations_by_word_;
};

}  // namespace policy
