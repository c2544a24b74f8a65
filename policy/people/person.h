// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/full_name.h"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace policy {

/// Number of an organization within one generation, from 0.
using OrganizationNumber = std::uint32_t;

/// Number of a protected person within one generation, from 0, over all organizations.
using PersonNumber = std::uint32_t;

/// One customer, as a generation holds it.
struct Organization {
  std::string name;                      ///< unique within the installation
  std::vector<std::string> domains;      ///< canonical (`canonical_domain`), sorted
  std::vector<std::string> groups;       ///< display names of groups; `Person::groups` points here
  std::vector<std::string> directories;  ///< names; `Person::directory` points here

  friend bool operator==(const Organization&, const Organization&) = default;
};

/// A protected person (or role mailbox), as a generation holds it.
struct Person {
  OrganizationNumber organization = 0;
  std::uint32_t directory = 0;  ///< index in `Organization::directories`
  std::string id;               ///< stable within the directory; a CSV directory uses the address
  std::string name;             ///< display name as the directory has it, used in every reason
  /// Every other name the person is known by and that is matched like `name`: given name and
  /// surname, the display name without the directory's own decorations.
  std::vector<std::string> other_names;
  FullName full_name;                  ///< what the matches `nickname` and `typo` vary
  std::vector<std::string> addresses;  ///< configured addresses, canonical; the primary one first
  std::vector<std::uint32_t> groups;   ///< indices in `Organization::groups`, sorted
  bool role_mailbox = false;           ///< matched as a whole string only

  friend bool operator==(const Person&, const Person&) = default;
};

/// Where a key leads: one protected person of one organization.
struct PersonRef {
  OrganizationNumber organization;
  PersonNumber person;

  friend auto operator<=>(const PersonRef&, const PersonRef&) = default;
};

}  // namespace policy
