// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/invoke_command.h"
#include "directory/graph/application.h"
#include "directory/graph/directory_queries.h"
#include "directory/graph/graph_client.h"
#include "directory/graph/message_queries.h"
#include "directory/graph/posture_queries.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <memory>

namespace directory {

/// The connection to one tenant: its HTTP connections, its tokens, its questions, its Exchange.
class Tenant {
 public:
  /// `log` must outlive the tenant. Nothing is sent yet.
  [[nodiscard]] static policy::Result<std::unique_ptr<Tenant>> open(const Executor& executor,
                                                                    Application application,
                                                                    const policy::EventLog& log);

  Tenant(const Tenant&) = delete;
  Tenant& operator=(const Tenant&) = delete;
  Tenant(Tenant&&) = delete;
  Tenant& operator=(Tenant&&) = delete;
  ~Tenant() = default;

  [[nodiscard]] const Application& application() const { return tokens_.application(); }

  [[nodiscard]] TokenSource& tokens() { return tokens_; }

  [[nodiscard]] const GraphAnswerCounts& graph_answers() const { return graph_.answers(); }

  [[nodiscard]] DirectoryQueries& queries() { return queries_; }

  [[nodiscard]] PostureQueries& posture() { return posture_; }

  [[nodiscard]] MessageQueries& messages() { return messages_; }

  [[nodiscard]] InvokeCommandClient& exchange() { return exchange_; }

 private:
  Tenant(const Executor& executor,
         std::unique_ptr<HttpClient> http,
         Application application,
         const policy::EventLog& log);

  std::unique_ptr<HttpClient> http_;
  TokenSource tokens_;
  GraphClient graph_;
  DirectoryQueries queries_;
  PostureQueries posture_;
  MessageQueries messages_;
  InvokeCommandClient exchange_;
};

}  // namespace directory
