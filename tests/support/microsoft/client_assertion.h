// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/login_error.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <expected>
#include <string>

namespace tests::microsoft {

/// Checks a client assertion for the token endpoint of the tenant as it is called in the URL, and
/// remembers its `jti`.
/// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
[[nodiscard]] std::expected<void, LoginError> check_assertion(World& world,
                                                              const Application& application,
                                                              const std::string& tenant_name,
                                                              const std::string& assertion);

}  // namespace tests::microsoft
