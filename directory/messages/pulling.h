// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/messages/message_puller.h"
#include "directory/task.h"

namespace directory {

/// Goes on with pulls that were interrupted, for ever. The puller must outlive the executor's run.
[[nodiscard]] Task<void> go_on_with_pulls(MessagePuller& puller);

}  // namespace directory
