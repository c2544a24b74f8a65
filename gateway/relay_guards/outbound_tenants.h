// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The longest secret, in octets.
inline constexpr std::size_t kLongestTenantSecret = 256;

/// A Microsoft 365 tenant whose outbound mail the relay carries, and how that mail proves it.
struct OutboundTenant {
  std::string organization;                 ///< for people
  std::string tenant;                       ///< its id, a GUID in lower case
  std::string header;                       ///< the field in which its mail bears a secret
  std::vector<std::string> secret_digests;  ///< SHA-256 of each secret, hexadecimal; any will do

  /// Whether `value` is one of the secrets. Takes as long whichever it is, and whether it is one.
  [[nodiscard]] bool has_secret(std::string_view value) const;
};

/// The tenants whose outbound mail the relay carries. Keeps digests of secrets, no secret.
class OutboundTenants {
 public:
  /// Reads the YAML file of tenants; everything wrong goes to `problems`, which never hold a value
  /// of the file. `file_name` names it there.
  [[nodiscard]] static std::optional<OutboundTenants> parse(std::string_view text,
                                                            const std::string& file_name,
                                                            policy::Problems& problems);

  /// The same from a file. Warns of one that everybody may read.
  [[nodiscard]] static std::optional<OutboundTenants> load(const std::filesystem::path& path,
                                                           policy::Problems& problems);

  [[nodiscard]] const std::vector<OutboundTenant>& all() const { return tenants_; }

  /// The tenant with this id in any case; null if there is none.
  [[nodiscard]] const OutboundTenant* find(std::string_view tenant) const;

  /// Whether any tenant's mail bears its secret in a field of this name.
  [[nodiscard]] bool is_secret_field(std::string_view name) const;

 private:
  std::vector<OutboundTenant> tenants_;
  std::vector<std::string> headers_;  // each name once
};

}  // namespace gateway
