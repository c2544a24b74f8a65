// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"

#include <string>
#include <string_view>

namespace tests::microsoft {

/// Why Exchange refuses a cmdlet.
struct ExchangeError {
  unsigned status = 400;
  std::string code = "BadRequest";
  std::string message = "Error executing cmdlet";
  std::string number;  ///< such as Ex6F9304; may be empty
  std::string type;    ///< of the exception
  std::string text;    ///< for people
};

/// A parameter is unknown, missing or given twice.
[[nodiscard]] ExchangeError binding_error(std::string text);

/// A parameter's value is not of its type.
[[nodiscard]] ExchangeError transformation_error(std::string_view parameter, std::string_view text);

/// A value breaks a rule of the object.
[[nodiscard]] ExchangeError validation_error(std::string text);

/// Another object has this name.
[[nodiscard]] ExchangeError already_exists(std::string_view name);

/// No object has this name or GUID.
[[nodiscard]] ExchangeError object_not_found(std::string_view identity);

/// The cmdlet asks before it acts, and nobody is there to answer.
[[nodiscard]] ExchangeError unconfirmed(std::string_view cmdlet);

/// The error as `NUMBER|TYPE|TEXT`; missing parts are empty.
[[nodiscard]] ExchangeError parse_exchange_error(std::string_view text);

/// The error in the envelope of InvokeCommand.
[[nodiscard]] Response exchange_failure(const ExchangeError& error);

/// The refusal of a second request at a time, which is no JSON.
[[nodiscard]] Response too_many_requests(unsigned status);

}  // namespace tests::microsoft
