// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/client.h"
#include "policy/result.h"

#include <string>
#include <string_view>

namespace directory {

/// The request as it goes out (RFC 9112), body included. `kInvalidInput` for a line break in what
/// callers may have from outside: method, header names and values.
[[nodiscard]] policy::Result<std::string> encode_request(const HttpRequest& request,
                                                         std::string_view user_agent);

/// Whether the request changes nothing, so that it may be sent once more.
[[nodiscard]] bool may_repeat(const HttpRequest& request);

}  // namespace directory
