// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ip_address.h"
#include "policy/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// One network, or one address.
struct Network {
  IpAddress address{};
  unsigned prefix_bits = 128;  ///< counted in the mapped form: those of 192.0.2.0/24 are 120
};

/// Reads a network such as `192.0.2.0/24`, `2001:db8::/32` or a single address; nothing if it is
/// none.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

/// A set of networks. Immutable.
class Networks {
 public:
  /// Reads networks such as `192.0.2.0/24`, `2001:db8::/32` or a single address; `kInvalidInput`
  /// names the one that is wrong.
  [[nodiscard]] static Result<Networks> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool contains(const IpAddress& address) const;

 private:
  std::vector<Network> networks_;
};

}  // namespace policy
