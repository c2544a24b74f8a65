// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_message.h"

namespace gateway {

// The helper's side of the socket, which is its standard input. The process ends where the gateway
// is gone or says what no gateway says.

[[nodiscard]] HelperMessage receive_from_gateway();
void send_to_gateway(const HelperMessage& message);

/// Ends the process at once.
[[noreturn]] void leave();

}  // namespace gateway
