// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"
#include "policy/people/directory_view.h"
#include "policy/verdict/policy.h"

namespace gateway {

/// Warns of what a policy names and the directory does not have, since such a rule or exception
/// never matches: organizations, groups, addresses of people.
void check_references(const policy::Policy& policy,
                      const policy::DirectoryView& directory,
                      policy::Problems& problems);

}  // namespace gateway
