// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/tenant.h"

#include "directory/exchange/invoke_command.h"
#include "directory/graph/application.h"
#include "directory/graph/graph_client.h"
#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <expected>
#include <memory>
#include <utility>

namespace directory {

policy::Result<std::unique_ptr<Tenant>> Tenant::open(const Executor& executor,
                                                     Application application,
                                                     const policy::EventLog& log) {
  HttpClient::Settings settings;
  settings.authorities = application.cloud.authorities;
  auto http = HttpClient::open(executor, std::move(settings));
  if (!http.has_value()) {
    return std::unexpected{std::move(http).error()};
  }
  return std::unique_ptr<Tenant>{
      new Tenant{executor, *std::move(http), std::move(application), log}};
}

Tenant::Tenant(const Executor& executor,
               std::unique_ptr<HttpClient> http,
               Application application,
               const policy::EventLog& log)
    : http_(std::move(http)),
      tokens_(std::move(application), *http_, log),
      graph_(tokens_, *http_, log, GraphClient::Settings{}),
      queries_(graph_),
      posture_(graph_),
      messages_(graph_),
      exchange_(executor, tokens_, *http_, log, InvokeCommandClient::Settings{}) {}

}  // namespace directory
