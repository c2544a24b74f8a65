// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace directory {

/// A tenant whose outbound mail the gateway relays.
struct OutboundTenant {
  std::string organization;
  std::string tenant;  ///< its id
  std::string header;  ///< the field that our rule adds to its mail
  std::string secret;  ///< the value of that field
};

/// The name of the file below `relay_export.directory`, as gateway.yaml names it in `outbound`.
inline constexpr const char* kOutboundTenantsFile = "outbound_tenants.yaml";

/// Writes the file that the gateway checks outbound mail against, in one step, of mode 0640: the
/// gateway's user must be in its group. A file that says the same already is left alone.
[[nodiscard]] policy::Result<void> write_outbound_tenants(
    const std::filesystem::path& path, const std::vector<OutboundTenant>& tenants);

}  // namespace directory
