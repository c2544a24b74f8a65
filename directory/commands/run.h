// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "policy/event.h"
#include "policy/exit_status.h"

#include <filesystem>

namespace directory {

/// `run --once`: one refresh of every directory. What is right is published even if a directory
/// fails; the status is then that of the first failure. `folder` is that of directory.yaml.
[[nodiscard]] policy::ExitStatus run_once(const Settings& settings,
                                          const std::filesystem::path& folder,
                                          const policy::EventLog& log);

/// `run`: syncs each directory when it is due and serves the admin commands, until SIGTERM or
/// SIGINT; SIGUSR1 makes every scheduled directory due.
[[nodiscard]] policy::ExitStatus run(const Settings& settings,
                                     const std::filesystem::path& folder,
                                     const policy::EventLog& log);

}  // namespace directory
