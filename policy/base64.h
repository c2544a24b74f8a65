// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <string>
#include <string_view>

namespace policy {

/// The octets that `text` encodes (RFC 4648, 4: with padding, without line breaks);
/// `kInvalidInput` if it is no base64.
[[nodiscard]] Result<std::string> decode_base64(std::string_view text);

/// Octets as base64 with padding (RFC 4648, section 4), on one line.
[[nodiscard]] std::string encode_base64(std::string_view octets);

/// The octets in the alphabet for URLs, without padding (RFC 4648, 5), as tokens are written.
[[nodiscard]] std::string encode_base64url(std::string_view octets);

/// The octets that `text` encodes in the alphabet for URLs, without padding; `kInvalidInput` if it
/// is none.
[[nodiscard]] Result<std::string> decode_base64url(std::string_view text);

}  // namespace policy
