// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/client.h"

#include <string>
#include <string_view>

namespace directory {

/// The cookie that holds a session's secret. Its prefix makes browsers keep it to this host and to
/// TLS (RFC 6265bis, 4.1.3.2).
inline constexpr std::string_view kSessionCookie = "__Host-fromguard";

/// What a request shows to say who asks. At most one of the two is not empty.
struct Credentials {
  std::string cookie;       ///< the secret of a session
  std::string bearer;       ///< the secret of an API token
  std::string refused_for;  ///< why nothing of it can be believed; or empty
};

/// Looks for the session's cookie (RFC 6265, 5.4) and for `Authorization: Bearer` (RFC 6750, 2.1);
/// other schemes are somebody else's. Both at once, or one of them twice, is refused: whoever is in
/// between might take them for another one's.
[[nodiscard]] Credentials find_credentials(const HttpHeaders& headers);

/// The value of Set-Cookie that gives a browser this secret until it is closed.
[[nodiscard]] std::string session_cookie(std::string_view secret);

/// The value of Set-Cookie that takes it away.
[[nodiscard]] std::string no_session_cookie();

}  // namespace directory
