// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "policy/networks.h"

#include <string>
#include <vector>

namespace directory {

/// Addresses of one network of the gateway, for which SPF is to be worked out.
struct SampledNetwork {
  std::string network;                 ///< as directory.yaml has it
  std::string term;                    ///< what permits it in an SPF record: `ip4:192.0.2.0/28`
  std::vector<std::string> addresses;  ///< at least one
  bool is_whole = true;                ///< false: only the first and the last that a host can have
};

/// How the world sees the gateway.
struct GatewayIdentity {
  std::string hostname;  ///< canonical; empty: not given
  policy::Networks networks;
  std::vector<SampledNetwork> samples;
};

/// The addresses of a network that a host can have: all of them up to 16, the first and the last of
/// a larger one. `network` is as `policy::parse_network` reads it.
[[nodiscard]] SampledNetwork sample_network(const std::string& network);

/// The gateway of these settings.
[[nodiscard]] GatewayIdentity gateway_identity(const Settings& settings);

}  // namespace directory
