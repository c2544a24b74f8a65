// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_message.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Reads a key record (RFC 6376, 3.6.1; RFC 8463), any octets, and writes it again with nothing in
/// it but what verification needs; nothing for one that is wrong, revoked, not for mail or not for
/// SHA-256.
[[nodiscard]] std::optional<std::string> plain_dkim_key(std::string_view record);

/// The task of verifying `field` (name, colon, value) with the key that DNS gave. Several keys
/// under one name are none.
[[nodiscard]] DkimSignatureTask signature_task(std::string field, const DnsAnswer& key);

}  // namespace gateway
