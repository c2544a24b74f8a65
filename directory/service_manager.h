// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What systemd is told of this process (sd_notify(3)). Telling does nothing where nobody listens.
namespace directory::service_manager {

/// The service can be used. `status` is what `systemctl status` shows, one sentence.
void tell_ready(const std::string& status);

/// The service comes to its end.
void tell_stopping();

/// Not stuck.
void tell_alive();

/// How often `tell_alive` is to be called; empty where nobody watches.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace directory::service_manager
