// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ip_address.h"
#include "policy/result.h"

#include <string>
#include <vector>

namespace policy {

/// A set of networks. Immutable.
class Networks {
 public:
  /// Reads networks such as `192.0.2.0/24`, `2001:db8::/32` or a single address; `kInvalidInput`
  /// names the one that is wrong.
  [[nodiscard]] static Result<Networks> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool contains(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address;
    unsigned prefix_bits;
  };

  std::vector<Network> networks_;
};

}  // namespace policy
