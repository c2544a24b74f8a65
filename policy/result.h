// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace policy {

/// What kind of failure an Error is. Callers branch on this, never on the text.
enum class ErrorCode {
  kInvalidInput,  ///< The data is wrong; the same call will fail again.
  kNotFound,      ///< There is no such thing.
  kUnavailable,   ///< It may work later: disk, network, a database that cannot be read.
  kDenied,        ///< Permission is missing.
  kBusy,          ///< Somebody else holds it.
  kConflict,      ///< What there is stands against it: a name that is taken, the last of its kind.
  kChanged,       ///< It has been changed since it was read; read it again.
};

/// How a function says it failed: a code to branch on and a sentence for people.
struct Error {
  ErrorCode code;
  std::string message;
};

/// A value, or why there is none.
template <typename T>
using Result = std::expected<T, Error>;

/// Makes the failed Result with this code and text.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected{Error{.code = code, .message = std::move(message)}};
}

/// Passes a failure on, saying what the caller was doing: "load gateway.yaml: port is empty".
[[nodiscard]] inline std::unexpected<Error> fail(std::string_view doing, Error cause) {
  cause.message.insert(0, ": ").insert(0, doing);
  return std::unexpected{std::move(cause)};
}

}  // namespace policy
