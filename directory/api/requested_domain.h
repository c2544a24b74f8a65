// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/store/records.h"

#include <expected>

namespace directory {

/// The imported domain that the first capture of a request names, if the asker may see it; else the
/// refusal.
[[nodiscard]] std::expected<ImportedDomain, Problem> requested_domain(const ApiServices& services,
                                                                      const ApiRequest& request);

}  // namespace directory
