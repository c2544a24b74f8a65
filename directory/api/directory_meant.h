// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"

#include <expected>
#include <string_view>

namespace directory {

/// The directory that is meant among those with this feature: the one of this name, or the only one
/// there is for an empty name.
[[nodiscard]] std::expected<DirectoryKey, Problem> directory_meant(const ApiServices& services,
                                                                   const ApiRequest& request,
                                                                   std::string_view name,
                                                                   Feature feature);

}  // namespace directory
