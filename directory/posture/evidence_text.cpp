// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/evidence_text.h"

#include <chrono>
#include <cstdint>
#include <string>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace directory {

std::string time_text(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds{seconds}};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", time);
}

}  // namespace directory
