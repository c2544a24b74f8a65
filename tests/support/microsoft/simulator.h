// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace tests {

/// Microsoft's login service, Graph and Exchange Online for tests: strict, on three free loopback
/// ports, on a thread of its own. tests/support/microsoft/README.md says what it does and how to
/// control it.
class MicrosoftSimulator {
 public:
  struct Settings {
    std::size_t people = 60;
    std::size_t groups = 16;
    std::uint64_t seed = 1;        ///< the same seed gives the same tenant
    std::uint16_t login_port = 0;  ///< 0: a free one
    std::uint16_t graph_port = 0;
    std::uint16_t exchange_port = 0;
    std::filesystem::path certificate;  ///< PEM; with it and the key, https is spoken
    std::filesystem::path key;
  };

  /// Makes the tenant, listens and serves.
  [[nodiscard]] static policy::Result<std::unique_ptr<MicrosoftSimulator>> start(
      const Settings& settings);

  MicrosoftSimulator(const MicrosoftSimulator&) = delete;
  MicrosoftSimulator& operator=(const MicrosoftSimulator&) = delete;
  MicrosoftSimulator(MicrosoftSimulator&&) = delete;
  MicrosoftSimulator& operator=(MicrosoftSimulator&&) = delete;
  ~MicrosoftSimulator();

  /// The port of Graph, which serves `/control/` as the others do.
  [[nodiscard]] std::uint16_t port() const;

  /// Origins, without a trailing slash.
  [[nodiscard]] std::string login() const;
  [[nodiscard]] std::string graph() const;
  [[nodiscard]] std::string exchange() const;

  [[nodiscard]] std::string tenant() const;  ///< its id
  [[nodiscard]] std::string client_id() const;
  [[nodiscard]] std::string secret() const;

  /// A call of the control API, without the network: `control("POST", "/control/changes", JSON)`.
  /// The answer is JSON; `kInvalidInput` with its `error` for what is not understood. From any
  /// thread.
  [[nodiscard]] policy::Result<std::string> control(std::string_view method,
                                                    std::string_view target,
                                                    std::string_view body = "");

  /// How many requests came to an endpoint since the start or the last reset of the counters:
  /// `graph GET /v1.0/users/delta`, `login POST /{}/oauth2/v2.0/token`,
  /// `exchange POST /adminapi/beta/{}/InvokeCommand Get-InboundConnector`.
  [[nodiscard]] std::uint64_t requests(const std::string& endpoint) const;

  /// How many requests came to Exchange, where Graph's foreign links and redirects lead to.
  [[nodiscard]] std::uint64_t requests_to_exchange() const;

 private:
  struct State;
  explicit MicrosoftSimulator(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace tests
