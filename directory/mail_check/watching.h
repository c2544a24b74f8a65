// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/mail_check/domain_watch.h"
#include "directory/store/records.h"
#include "directory/task.h"

namespace directory {

/// Looks at the imported domains hourly, for ever, and at new ones within a minute. Both must
/// outlive the executor's run.
[[nodiscard]] Task<void> watch_domains(DomainWatch& watch, const Records& records);

}  // namespace directory
