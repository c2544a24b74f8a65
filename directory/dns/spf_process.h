// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/dns/spf_words.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace directory {

/// How fromguard-spf-check is started.
struct SpfProgram {
  std::filesystem::path path;
  std::vector<std::string> arguments;                         ///< without the name of the program
  std::chrono::milliseconds most = std::chrono::seconds{20};  ///< it is killed after that
};

/// Has the program, in a process of its own, work out one answer, and waits for it. The process has
/// an empty environment and is dead when this returns. Whatever goes wrong is `kTempError`: it
/// cannot be started, dies, is late, or says what makes no sense; so is that `is_stopped` has
/// become true.
[[nodiscard]] SpfAnswer check_spf_apart(const SpfProgram& program,
                                        const SpfRequest& request,
                                        const std::atomic<bool>& is_stopped);

}  // namespace directory
