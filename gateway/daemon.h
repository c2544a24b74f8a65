// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.h"
#include "policy/exit_status.h"

namespace gateway {

/// Serves until SIGTERM or SIGINT, then lets messages in flight end. SIGUSR1 reloads the policy; so
/// does a change of its files. SIGUSR2 hands over to a new process, of the program that is there
/// then and with the configuration as it is then: no connection is refused, no session cut. SIGHUP
/// is ignored: libmilter would take it for an end. Call it from the main thread, once.
[[nodiscard]] policy::ExitStatus run_daemon(const Settings& settings);

}  // namespace gateway
