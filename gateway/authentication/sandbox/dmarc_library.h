// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_message.h"

namespace gateway {

/// Whether libopendmarc says that DMARC passes.
[[nodiscard]] bool passes_dmarc(const DmarcTask& task);

}  // namespace gateway
