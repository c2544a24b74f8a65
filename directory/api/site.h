// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/api.h"
#include "directory/http/server.h"

namespace directory {

/// Serves browsers and programs over TCP: the API below /api/v1/ for who has signed in or sends a
/// token, the page of the way back from admin consent at /oauth/callback, and everything else from
/// `console` (null: 404).
///
/// The name in Host must be that of `public_url`, an IP address, or localhost where the server
/// listens on loopback: another is of a page that has taken our address for its own (DNS
/// rebinding), and gets 421. A write with a session's cookie needs its CSRF token in X-CSRF-Token,
/// and no page of another origin may have sent it. Each answer has what keeps browsers from reading
/// more into it than there is.
[[nodiscard]] HttpHandler make_site_handler(const ApiServices& services, HttpHandler console = {});

}  // namespace directory
