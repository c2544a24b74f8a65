// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/application.h"
#include "directory/graph/failure.h"
#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/event.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Whom a token is for.
enum class Audience { kGraph, kExchange };

struct AccessToken {
  std::string text;                ///< secret: never to be logged
  std::vector<std::string> roles;  ///< application permissions, from the token's `roles` claim
  std::string tenant_id;           ///< from its `tid` claim
};

/// How patiently tokens are asked for.
struct TokenSettings {
  int most_attempts = 5;  ///< while the service is not available
  std::chrono::milliseconds first_pause = std::chrono::seconds{1};  ///< doubled, with jitter
  std::chrono::milliseconds longest_pause = std::chrono::minutes{1};
  int key_attempts = 3;  ///< while the service does not know the certificate (yet)
  std::chrono::milliseconds key_pause = std::chrono::seconds{10};
  std::chrono::milliseconds renew_early = std::chrono::minutes{5};  ///< before a token expires
  std::chrono::milliseconds request_timeout = std::chrono::seconds{30};
};

/// Gets tokens by the client credentials grant and keeps them until shortly before they expire.
/// Credential files are read for each new token, so that they can be replaced while running.
/// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
class TokenSource {
 public:
  /// `client` and `log` must outlive the source.
  TokenSource(Application application,
              HttpClient& client,
              const policy::EventLog& log,
              TokenSettings settings = {});
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;
  TokenSource(TokenSource&&) = delete;
  TokenSource& operator=(TokenSource&&) = delete;
  ~TokenSource();

  /// A token that is good for some minutes. Of several that ask at once, one goes to the network.
  /// Transient failures are retried with backoff; the others say what to do (AADSTS table).
  [[nodiscard]] Task<GraphResult<AccessToken>> token(Audience audience);

  /// Forgets the token, which the service has refused or whose roles are out of date.
  void forget(Audience audience);

  /// Forgets the token if it is this one: of several requests that the service has refused with
  /// the same token, one asks for a new one.
  void forget_refused(Audience audience, std::string_view text);

  [[nodiscard]] const Application& application() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace directory
