// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "policy/event.h"
#include "policy/exit_status.h"

namespace directory {

/// `run --once`: one refresh of every directory. What is right is published even if a directory
/// fails; the status is then that of the first failure.
[[nodiscard]] policy::ExitStatus run_once(const Settings& settings, const policy::EventLog& log);

/// `run`: reads each directory when it is due, until SIGTERM or SIGINT; SIGUSR1 makes all of them
/// due. To be called before the process starts a thread.
[[nodiscard]] policy::ExitStatus run(const Settings& settings, const policy::EventLog& log);

}  // namespace directory
