// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

namespace directory {

/// Adds the removal of the domains that this directory has imported.
[[nodiscard]] policy::Result<void> remove_domains_of(const StateReader& reader,
                                                     const DirectoryKey& source,
                                                     StateBatch& batch);

}  // namespace directory
