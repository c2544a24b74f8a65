// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/helper/helper_process.h"
#include "gateway/authentication/spf/spf_guard.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "policy/result.h"

#include <span>
#include <string>
#include <vector>

namespace gateway {

// One check each by a helper process. After an error the process is of no further use; the check
// is a temporary error then.

/// SPF for a client, by the records that `guard` lets through; `guard` has begun. What the guard
/// has decided goes before what the library says.
[[nodiscard]] policy::Result<SpfResult> check_spf(const HelperProcess& helper,
                                                  SpfGuard& guard,
                                                  const policy::IpAddress& client,
                                                  HelperProcess::Deadline deadline);

/// Whether DMARC passes.
[[nodiscard]] policy::Result<bool> check_dmarc(const HelperProcess& helper,
                                               const DmarcTask& task,
                                               HelperProcess::Deadline deadline);

/// The facts of each of the task's signatures. `body` is the whole body in pieces, with CRLF line
/// ends.
[[nodiscard]] policy::Result<std::vector<DkimFacts>> verify_dkim(const HelperProcess& helper,
                                                                 const DkimTask& task,
                                                                 std::span<const std::string> body,
                                                                 HelperProcess::Deadline deadline);

}  // namespace gateway
