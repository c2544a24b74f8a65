// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool is_utf8(std::string_view text);

/// `octets` as UTF-8, read in the charset that a MIME label names, in any case. Nothing where the
/// charset is unknown or the octets are not valid in it. US-ASCII with other octets is read as
/// Latin-1. As in mail clients, Latin-1 means windows-1252 where a C1 octet occurs. Thread-safe.
[[nodiscard]] std::optional<std::string> decode_charset(std::string_view octets,
                                                        std::string_view charset);

/// `decode_charset`; where that gives nothing, the octets as `raw_to_utf8` reads them. Total:
/// always valid UTF-8.
[[nodiscard]] std::string to_utf8(std::string_view octets, std::string_view charset);

/// Like `to_utf8`, but what is not valid in the charset becomes U+FFFD, and an unknown charset is
/// taken for UTF-8: what a client shows that does not fall back to Latin-1. Overlong forms of ASCII
/// are read, as careless decoders do.
[[nodiscard]] std::string to_utf8_replacing(std::string_view octets, std::string_view charset);

/// Octets without a charset: valid UTF-8 as it is, anything else as Latin-1 throughout, in the
/// sense of `decode_charset`.
[[nodiscard]] std::string raw_to_utf8(std::string_view octets);

}  // namespace policy
