// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/protection.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <string>
#include <vector>

namespace directory {

/// The addresses that a user may send from, canonical, the primary one first: mail, SMTP proxy
/// addresses, and the principal name where its domain is one of the organization's. `otherMails`
/// are not among them: people set those themselves. What is no address is left out.
[[nodiscard]] std::vector<std::string> addresses_of(const StoredUser& user,
                                                    const OrganizationSettings& organization);

/// Who of the set in force is protected. Reads users one by one.
[[nodiscard]] policy::Result<DirectoryPeople> protected_people(
    const ContentView& view, const OrganizationSettings& organization);

}  // namespace directory
