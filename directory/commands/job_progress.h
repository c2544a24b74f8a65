// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

#include <cstdint>
#include <optional>
#include <string>

namespace directory {

/// Waits until the job has ended and shows on standard error how far it is: as a bar on a terminal,
/// line by line elsewhere. The job as the API has it at last; a job that failed is told through the
/// session.
[[nodiscard]] std::optional<std::string> wait_for_job(AdminSession& session, std::uint64_t id);

/// Begins long work by a POST of this JSON, and with --wait waits for it; writes what came of it.
void begin_job(AdminSession& session,
               const AdminOptions& options,
               const std::string& path,
               const std::string& body);

}  // namespace directory
