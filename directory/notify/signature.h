// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace directory {

/// The key that a secret stands for, as Standard Webhooks writes it: base64 of 24 to 64 octets,
/// with `whsec_` before it or without. `kInvalidInput` says how to make one.
[[nodiscard]] policy::Result<std::string> webhook_key(std::string_view secret);

/// The key in the first line of a file that its owner alone may read.
[[nodiscard]] policy::Result<std::string> read_webhook_key(const std::filesystem::path& path);

/// The value of the field webhook-signature: `v1,` and what proves that a delivery with this id,
/// time (seconds since 1970) and body is from whoever has the key.
[[nodiscard]] std::string webhook_signature(std::string_view key,
                                            std::string_view id,
                                            std::int64_t time,
                                            std::string_view body);

}  // namespace directory
