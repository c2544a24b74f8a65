// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/dns/stub_resolver.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace gateway {

/// How sender authentication is worked out. Constant after start.
struct AuthenticationSettings {
  DnsSettings dns;
  /// The helper program; empty: fromguard-gateway-helper, by `program_of_ours`.
  std::filesystem::path helper;
  /// Empty: organizational domains by the tree walk of RFC 9989, else by this list.
  std::filesystem::path public_suffix_list = "/usr/share/publicsuffix/public_suffix_list.dat";
  /// Checks at the same time; each has a thread, and a process of some 5 MB once it was needed.
  std::size_t workers = 16;
  /// For all that comes before the body, DNS included, from `begin` on.
  std::chrono::milliseconds header_time = std::chrono::seconds{8};
  /// For verifying signatures, from the end of the message on.
  std::chrono::milliseconds body_time = std::chrono::seconds{5};
  std::size_t body_octets = std::size_t{32} * 1024 * 1024;         ///< of one message
  std::size_t all_bodies_octets = std::size_t{256} * 1024 * 1024;  ///< of all messages together
  /// Called when a helper died or had to be killed, from any thread; may be empty.
  std::function<void()> on_helper_failure;
};

/// The authentication of one message, on its way. Used by one thread at a time; dropping it gives
/// the check up.
class AuthenticationCheck {
 public:
  AuthenticationCheck() = default;
  AuthenticationCheck(const AuthenticationCheck&) = delete;
  AuthenticationCheck& operator=(const AuthenticationCheck&) = delete;
  AuthenticationCheck(AuthenticationCheck&&) = delete;
  AuthenticationCheck& operator=(AuthenticationCheck&&) = delete;
  virtual ~AuthenticationCheck() = default;

  /// Whether the body may still matter: false once SPF has settled it, and where no signature could
  /// align. Never waits; what is true may become false.
  [[nodiscard]] virtual bool wants_body() const = 0;

  /// The next octets of the body, lines ending in CRLF. Never waits. Ignored where the body is not
  /// wanted; one that grows too large makes DKIM unavailable.
  virtual void add_body(std::string_view octets) = 0;

  /// The outcome, after the last of the body. Waits, but for no longer than `header_time` and
  /// `body_time` together. Called once.
  [[nodiscard]] virtual AuthenticationOutcome finish() = 0;
};

/// Works out the authentication of senders: DNS on a thread of its own, checks on others, libraries
/// in helper processes. One for a daemon. Thread-safe.
class Authenticator {
 public:
  /// `kInvalidInput` for settings that are wrong, `kNotFound` where there is no public suffix list,
  /// `kUnavailable` where no helper can be started.
  [[nodiscard]] static policy::Result<std::unique_ptr<Authenticator>> start(
      AuthenticationSettings settings);

  /// The same with another DNS; `settings.dns` counts for nothing.
  [[nodiscard]] static policy::Result<std::unique_ptr<Authenticator>> start(
      AuthenticationSettings settings, std::unique_ptr<DnsResolver> resolver);

  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  Authenticator(Authenticator&&) = delete;
  Authenticator& operator=(Authenticator&&) = delete;
  /// Ends the checks that run, soon. Every AuthenticationCheck must be gone.
  ~Authenticator();

  /// Begins to work out what the request asks for. Never waits.
  [[nodiscard]] std::unique_ptr<AuthenticationCheck> begin(AuthenticationRequest request);

 private:
  struct Parts;
  class Check;

  explicit Authenticator(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace gateway
