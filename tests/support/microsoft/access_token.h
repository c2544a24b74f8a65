// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

/// Who asks, as the access token says.
struct Caller {
  Site* site;  ///< null if the token's tenant is gone
  std::vector<std::string> roles;
};

/// Checks the bearer token (RFC 6750) of a request to the resource of this origin: its signature,
/// audience and time. The error says for people what is wrong with it.
[[nodiscard]] std::expected<Caller, std::string> authenticate(World& world,
                                                              const Request& request,
                                                              std::string_view audience);

}  // namespace tests::microsoft
