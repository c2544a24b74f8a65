// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <string>
#include <vector>

namespace directory {

/// Addresses and networks (`192.0.2.10`, `192.0.2.0/24`) as an inbound connector takes them: IPv4,
/// single ones and networks of /24 to /32. Wider ones are split into /24, at most 256 of them for
/// one network. `kInvalidInput` names an address that cannot be given to Exchange: IPv6, a network
/// wider than /16, no address at all.
/// https://learn.microsoft.com/powershell/module/exchange/new-inboundconnector
[[nodiscard]] policy::Result<std::vector<std::string>> connector_ranges(
    const std::vector<std::string>& networks);

}  // namespace directory
