// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"
#include "policy/config/problems.h"
#include "policy/exit_status.h"

#include <iosfwd>

namespace gateway {

/// Validates the policy, the data files, the outbound tenants and the snapshot that the settings
/// name. `problems` holds what was found in gateway.yaml and takes what is found now; all of it is
/// printed to `errors`, and what is right to `output`.
[[nodiscard]] policy::ExitStatus check(const Settings& settings,
                                       policy::Problems& problems,
                                       std::ostream& output,
                                       std::ostream& errors);

}  // namespace gateway
