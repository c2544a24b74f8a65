// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/provisioning/provisioner.h"
#include "directory/task.h"

namespace directory {

/// Verifies connectors daily, for ever. The provisioner must outlive the executor's run.
[[nodiscard]] Task<void> verify_connectors(Provisioner& provisioner);

}  // namespace directory
