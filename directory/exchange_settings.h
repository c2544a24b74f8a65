// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace directory {

/// How the connectors of an organization's tenant are made.
struct ExchangeSettings {
  /// Why Exchange does not judge mail from the gateway by the gateway's address.
  enum class Mode {
    kBypass,    ///< a transport rule lets it pass unfiltered: the gateway's verdict is trusted
    kEnhanced,  ///< Enhanced Filtering: Exchange looks behind the gateway and filters itself
  };

  Mode mode = Mode::kBypass;
  /// IPv4 addresses and networks; empty: `gateway_addresses`.
  std::vector<std::string> inbound_addresses;
  /// The domain in the gateway's certificate, `*.` before it allowed; empty: addresses are used.
  std::string inbound_certificate;
  /// What the gateway sends to the Internet from; empty: `gateway_addresses`.
  std::vector<std::string> outbound_addresses;
  std::string smart_host;  ///< canonical host name; empty: `gateway_hostname`
  std::string tenant_header = "X-Fromguard-Tenant";  ///< what proves outbound mail to be ours

  friend bool operator==(const ExchangeSettings&, const ExchangeSettings&) = default;
};

/// Reads `exchange` of an organization, if it is there. Errors go to the problems of the reader.
[[nodiscard]] std::optional<ExchangeSettings> read_exchange(policy::MappingReader& reader);

}  // namespace directory
