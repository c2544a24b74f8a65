// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/application.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/result.h"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// The URL where an administrator of the tenant consents to the application, with a one-time state
/// that is remembered for an hour. Without `public_url` the administrator is not led back here, and
/// the state is of no use. https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
[[nodiscard]] policy::Result<std::string> begin_authorization(const Application& application,
                                                              const ApiSettings& api,
                                                              Records& records,
                                                              const DirectoryKey& key);

/// Reads the query that the administrator came back with, and uses its state up. `kDenied` if the
/// consent was refused, `kNotFound` if nobody here asked for it. What the query says of the tenant
/// proves nothing and is not read.
[[nodiscard]] policy::Result<DirectoryKey> end_authorization(std::string_view query,
                                                             Records& records);

/// Proves a consent: a new token for the tenant, and its name. One sentence of what came of it.
[[nodiscard]] Task<policy::Result<std::string>> prove_authorization(std::shared_ptr<Tenant> tenant,
                                                                    DirectoryKey key);

/// The permissions of these features against the roles of new tokens.
[[nodiscard]] Task<policy::Result<std::vector<PermissionState>>> list_permissions(
    std::shared_ptr<Tenant> tenant, std::set<Feature> features);

}  // namespace directory
