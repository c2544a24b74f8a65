// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace directory {

/// A token as it was issued.
struct IssuedToken {
  AccessToken token;
  std::chrono::seconds lifetime{0};
};

/// Whether asking again may help.
enum class TokenRetry : std::uint8_t {
  kNever,
  kLater,  ///< the service is busy or not available
  kKey,    ///< the certificate is not known (yet): it takes a minute after it was uploaded
};

/// Why no token was issued.
struct TokenRefusal {
  GraphFailure failure;
  TokenRetry retry = TokenRetry::kNever;
};

/// Reads the answer of a token endpoint. A refusal names the application, the code and the first
/// line of what the service says, and what to do about it.
/// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
[[nodiscard]] std::expected<IssuedToken, TokenRefusal> decode_token_answer(
    const HttpResponse& response, const Application& application);

/// The refusal that a request without a response is: one whose server cannot be believed (its
/// certificate) is not repeated.
[[nodiscard]] TokenRefusal describe_transport_failure(policy::Error error);

/// The roles and the tenant in a JWT, whose signature is not for us to verify; empty for what is no
/// JWT.
[[nodiscard]] AccessToken decode_access_token(std::string text);

/// What a service says, for a message: the first line without trace ids, cut to a bearable length,
/// every character visible.
[[nodiscard]] std::string first_sentence(std::string_view text);

/// What a person does about a missing consent.
inline constexpr std::string_view kAuthorizeAgain =
    "authorize the directory again: fromguard-directory directories authorize NAME";

}  // namespace directory
