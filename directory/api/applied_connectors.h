// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/store/directory_key.h"

#include <expected>

namespace directory {

/// Refuses where connectors of ours are in the tenant of this directory: nobody would see to them
/// any more.
[[nodiscard]] std::expected<void, Problem> refuse_applied_connectors(const ApiServices& services,
                                                                     const DirectoryKey& key);

}  // namespace directory
