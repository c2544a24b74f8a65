// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/person.h"
#include "policy/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A token of a protected name that may be misspelt, and the people who bear it.
struct SpelledToken {
  std::string token;              ///< in the form of `plain_tokens`
  std::vector<PersonRef> people;  ///< sorted

  friend bool operator==(const SpelledToken&, const SpelledToken&) = default;
};

/// The questions a verdict may ask about who is protected; one generation answers them.
///
/// Implementations are immutable and thread-safe. Each question about keys is one point look-up. A
/// failed look-up is `kUnavailable`: it is never to be read as "nobody".
class DirectoryView {
 public:
  DirectoryView() = default;
  DirectoryView(const DirectoryView&) = delete;
  DirectoryView& operator=(const DirectoryView&) = delete;
  DirectoryView(DirectoryView&&) = delete;
  DirectoryView& operator=(DirectoryView&&) = delete;
  virtual ~DirectoryView() = default;

  /// Everybody who bears a name with this key (`policy/name/name_keys.h`), sorted.
  [[nodiscard]] virtual Result<std::vector<PersonRef>> people_by_name_key(
      std::string_view name_key) const = 0;

  /// Everybody of whose full name a token is stored in this bucket (`policy/name/near_name.h`),
  /// sorted by token.
  [[nodiscard]] virtual Result<std::vector<SpelledToken>> people_by_spelling(
      std::string_view bucket) const = 0;

  /// Everybody who has this canonical address among their configured addresses, sorted.
  [[nodiscard]] virtual Result<std::vector<PersonRef>> people_by_address(
      std::string_view canonical_address) const = 0;

  /// The person a key led to.
  [[nodiscard]] virtual Result<Person> person(PersonNumber number) const = 0;

  /// All organizations; an OrganizationNumber is the index here.
  [[nodiscard]] virtual const std::vector<Organization>& organizations() const = 0;

  /// The organization that has this canonical domain, compared whole.
  [[nodiscard]] virtual std::optional<OrganizationNumber> organization_of_domain(
      std::string_view canonical_domain) const = 0;

  /// Which generation answers; from 1.
  [[nodiscard]] virtual std::uint64_t generation() const = 0;
};

}  // namespace policy
