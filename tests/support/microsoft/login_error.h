// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <expected>
#include <string>
#include <string_view>

namespace tests::microsoft {

/// Why the login service refuses.
struct LoginError {
  unsigned status = 400;
  int code = 0;       ///< AADSTS
  std::string error;  ///< RFC 6749, 5.2
  std::string text;
};

/// The refusal as the error of a result.
[[nodiscard]] std::unexpected<LoginError> refuse(unsigned status,
                                                 int code,
                                                 std::string error,
                                                 std::string text);

/// AADSTS900144.
[[nodiscard]] LoginError missing_parameter(std::string_view name);

/// The refusal as it goes out.
[[nodiscard]] Response login_failure(World& world, const LoginError& error);

}  // namespace tests::microsoft
