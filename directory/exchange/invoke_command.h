// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/cmdlet.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/event.h"

#include <chrono>
#include <expected>
#include <memory>
#include <set>
#include <string>

namespace directory {

/// Carries out cmdlets by the REST endpoint that the Exchange Online PowerShell module uses, which
/// Microsoft documents for nobody else: `POST /adminapi/beta/TENANT/InvokeCommand`. One call at a
/// time: Exchange refuses more of one tenant.
class InvokeCommandClient final : public CmdletInvoker {
 public:
  struct Settings {
    int most_attempts = 6;
    std::chrono::milliseconds first_pause =
        std::chrono::seconds{2};  ///< doubled each time, with jitter
    std::chrono::milliseconds longest_pause = std::chrono::minutes{1};  ///< Retry-After too
    std::chrono::milliseconds request_timeout = std::chrono::minutes{2};
  };

  /// All must outlive the client.
  InvokeCommandClient(const Executor& executor,
                      TokenSource& tokens,
                      HttpClient& http,
                      const policy::EventLog& log,
                      Settings settings);
  InvokeCommandClient(const InvokeCommandClient&) = delete;
  InvokeCommandClient& operator=(const InvokeCommandClient&) = delete;
  InvokeCommandClient(InvokeCommandClient&&) = delete;
  InvokeCommandClient& operator=(InvokeCommandClient&&) = delete;
  ~InvokeCommandClient() override;

  /// What was refused for load is sent again after a pause, and a cmdlet that only reads after any
  /// passing failure. A list that comes in parts is read to its end, or is a failure.
  [[nodiscard]] Task<CmdletResult> invoke(Cmdlet cmdlet) override;

  /// The cmdlets that the roles of the application allow, without carrying any out.
  [[nodiscard]] Task<std::expected<std::set<std::string>, CmdletFailure>> allowed_cmdlets();

  /// The id of the tenant, from the token. Of the failures, `kUnavailable` may pass.
  [[nodiscard]] Task<std::expected<std::string, CmdletFailure>> tenant_id();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace directory
