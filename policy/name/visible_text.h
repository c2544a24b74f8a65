// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// `text` for a log line, a header or a terminal: control characters, invisible characters and
/// bidirectional controls become `\u{HEX}`, octets that are no UTF-8 become `\xHH`. What remains is
/// valid UTF-8 on one line that shows all there is.
[[nodiscard]] std::string visible_text(std::string_view text);

/// `visible_text`, with every other character beyond ASCII escaped as `\u{HEX}` too, for SMTP
/// replies.
[[nodiscard]] std::string visible_ascii(std::string_view text);

/// Offset of the first octet that is not part of a valid UTF-8 sequence; nothing if all is valid.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

}  // namespace policy
