// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/spf/spf_result.h"

namespace gateway {

/// Sets libspf2 up, with the gateway as its DNS; needs system calls that confinement forbids.
void prepare_spf_library();

/// What libspf2 says of a client. The gateway is asked for every term.
[[nodiscard]] SpfResult check_spf(const SpfTask& task);

}  // namespace gateway
