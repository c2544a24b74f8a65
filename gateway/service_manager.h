// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <optional>
#include <string>

#include <sys/types.h>

/// What systemd is told of this process (sd_notify(3)) and has made for it (sd_listen_fds(3)).
/// Telling does nothing where nobody listens.
namespace gateway::service_manager {

/// The service can be used. `status` is what `systemctl status` shows, one sentence.
void tell_ready(const std::string& status);

/// Another process is getting ready to take this one's place.
void tell_reloading();

/// What `systemctl status` shows.
void tell_status(const std::string& status);

/// The service is this process from now on; the process must be one of the same unit.
void tell_main_process(pid_t pid);

/// The service comes to its end.
void tell_stopping();

/// Not stuck: to be told more often than the unit's WatchdogSec.
void tell_alive();

/// The listening socket that a unit of type socket has made; to be taken once, before other threads
/// are started. `kInvalidInput` where there is more than one.
[[nodiscard]] policy::Result<std::optional<int>> take_listening_socket();

}  // namespace gateway::service_manager
