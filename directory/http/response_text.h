// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"

#include <string>
#include <string_view>

namespace directory {

/// What a response hangs on besides what the handler says.
struct ResponseContext {
  bool is_head = false;  ///< the request was HEAD
  bool is_old = false;   ///< the client speaks HTTP/1.0
  bool is_kept = false;  ///< the connection stays for another request
  bool is_tls = false;
};

/// Whether the response may go out as it is: a final status, and header fields that stay one line
/// each (no CR, LF or NUL, nor another control character but HTAB).
[[nodiscard]] bool is_sendable(const ServedResponse& response);

/// Status line and header of a response that `is_sendable` (RFC 9112). Content-Length or
/// Transfer-Encoding, Connection, Date and, over TLS, Strict-Transport-Security are written here;
/// the handler's own ones are left out.
[[nodiscard]] std::string encode_header(const ServedResponse& response,
                                        const ResponseContext& context);

/// What of `body` goes out after that header: nothing for HEAD, 204 and 304.
[[nodiscard]] bool has_body(const ServedResponse& response, const ResponseContext& context);

/// A piece of a chunked body; empty for an empty piece, which would be the end.
[[nodiscard]] std::string chunk_of(std::string_view piece);

/// What ends a chunked body.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// A response in plain text.
[[nodiscard]] ServedResponse plain_response(unsigned status, std::string_view text);

}  // namespace directory
