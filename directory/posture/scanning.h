// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/posture_scanner.h"
#include "directory/task.h"

namespace directory {

/// Starts scans that are due, for ever. The scanner must outlive the executor's run.
[[nodiscard]] Task<void> scan_posture(PostureScanner& scanner);

}  // namespace directory
