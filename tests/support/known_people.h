// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/policy.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

inline constexpr policy::OrganizationNumber kContoso = 0;
inline constexpr policy::OrganizationNumber kFabrikam = 1;

/// contoso (contoso.com) with the group Executives, and fabrikam (fabrikam.example).
[[nodiscard]] std::vector<policy::Organization> known_organizations();

/// A person as a directory without given name and surname has it; the addresses are canonical.
[[nodiscard]] policy::Person person_named(const std::string& name,
                                          const std::vector<std::string>& addresses,
                                          policy::OrganizationNumber organization = kContoso);

/// Of contoso: Ada Lovelace, an executive with a second address; John Smith, twice; the role
/// mailbox Accounts Payable; Madonna; 王小明; Zoë Świątek. Of fabrikam: another Ada Lovelace and
/// Bob Stone.
[[nodiscard]] std::vector<policy::Person> known_people();

/// A directory of all of these.
[[nodiscard]] std::shared_ptr<const policy::DirectoryView> known_directory(
    std::uint64_t generation = 1);

/// A directory of the known organizations in which every look-up fails.
[[nodiscard]] std::shared_ptr<const policy::DirectoryView> unavailable_directory();

/// A detector over `view` with the built-in lexicon.
[[nodiscard]] std::shared_ptr<const policy::Detector> detector_over(
    std::shared_ptr<const policy::DirectoryView> view);

/// The policy of this text. Throws std::runtime_error if there is an error in it.
[[nodiscard]] std::shared_ptr<const policy::Policy> policy_of(std::string_view text);

}  // namespace tests
