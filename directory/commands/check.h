// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "policy/exit_status.h"

namespace directory {

/// `check`: reads every directory of the settings, publishes nothing, and writes to standard output
/// how many people would be protected and what is doubtful about them. Bad rows go to standard
/// error.
[[nodiscard]] policy::ExitStatus check(const Settings& settings);

}  // namespace directory
