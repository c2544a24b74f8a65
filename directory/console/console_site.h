// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"

namespace directory {

/// Answers a request for the console: its assets, and the page itself for every address that is a
/// page's (the script in it knows which there are). GET and HEAD alone. Nobody need be signed in:
/// nothing is in it that is not in the repository.
[[nodiscard]] ServedResponse serve_console(const ServedRequest& request);

/// `serve_console` as the handler of a server.
[[nodiscard]] HttpHandler make_console_handler();

}  // namespace directory
