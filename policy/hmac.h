// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace policy {

/// The HMAC-SHA256 (RFC 2104) of `octets` by `key`: 32 octets.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view octets);

}  // namespace policy
