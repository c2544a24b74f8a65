// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/service_manager.h"

#include "policy/result.h"

#include <optional>
#include <string>

#include <sys/types.h>
#include <systemd/sd-daemon.h>

namespace gateway::service_manager {
namespace {

// A manager that does not hear is not worth an end.
void tell(const std::string& state) {
  static_cast<void>(sd_notify(0, state.c_str()));
}

}  // namespace

void tell_ready(const std::string& status) {
  tell("READY=1\nSTATUS=" + status);
}

void tell_reloading() {
  tell("RELOADING=1\nSTATUS=handing over to a new process");
}

void tell_status(const std::string& status) {
  tell("STATUS=" + status);
}

void tell_main_process(pid_t pid) {
  tell("MAINPID=" + std::to_string(pid));
}

void tell_stopping() {
  tell("STOPPING=1");
}

void tell_alive() {
  tell("WATCHDOG=1");
}

policy::Result<std::optional<int>> take_listening_socket() {
  const int count = sd_listen_fds(1);
  if (count > 1) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "systemd has made " + std::to_string(count) +
                            " sockets for the gateway; leave one ListenStream in its socket unit");
  }
  return count == 1 ? std::optional{SD_LISTEN_FDS_START} : std::nullopt;
}

}  // namespace gateway::service_manager
