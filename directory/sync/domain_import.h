// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/directory_queries.h"
#include "directory/graph/endpoints.h"
#include "directory/store/records.h"

#include <vector>

namespace directory {

/// The domains of a tenant that are imported: verified ones that carry mail. A next hop is taken
/// over if it ends as the cloud's do, and never guessed.
[[nodiscard]] std::vector<ImportedDomain> importable_domains(
    const std::vector<TenantDomain>& domains, const CloudEndpoints& cloud);

}  // namespace directory
