// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/service_manager.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <systemd/sd-daemon.h>

namespace directory::service_manager {

// A manager that does not hear is not worth an end.

void tell_ready(const std::string& status) {
  static_cast<void>(sd_notify(0, ("READY=1\nSTATUS=" + status).c_str()));
}

void tell_stopping() {
  static_cast<void>(sd_notify(0, "STOPPING=1"));
}

void tell_alive() {
  static_cast<void>(sd_notify(0, "WATCHDOG=1"));
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t most = 0;
  if (sd_watchdog_enabled(0, &most) <= 0) {
    return std::nullopt;
  }
  return std::chrono::microseconds{most / 2};
}

}  // namespace directory::service_manager
