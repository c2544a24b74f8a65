// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/graph_client.h"

#include "directory/graph/backoff.h"
#include "directory/graph/batch.h"
#include "directory/graph/failure.h"
#include "directory/graph/graph_answer.h"
#include "directory/graph/guid.h"
#include "directory/graph/permissions.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using std::chrono::milliseconds;
using Kind = GraphFailureKind;

constexpr std::string_view kVersionRoot = "/v1.0";

std::string path_of(std::string_view target) {
  return std::string{target.substr(0, target.find('?'))};
}

bool is_expected(Kind kind) {
  return kind == Kind::kNotFound || kind == Kind::kResync;
}

using ResponseNode = std::map<std::size_t, HttpResponse>::node_type;

// How one HTTP request of a Graph request went.
struct Exchange {
  JudgedAnswer judged;
  std::string request_id;  // Microsoft's, for their support
};

// The requests of one call to `send_batch` on their way.
struct BatchRun {
  explicit BatchRun(std::vector<BatchRequest> asked)
      : requests(std::move(asked)), attempts(requests.size()), results(requests.size()) {
    for (std::size_t id = 0; id < requests.size(); ++id) {
      waiting.push_back(id);
    }
  }

  // Takes the next ones to be sent.
  std::vector<std::size_t> take() {
    const auto end =
        waiting.begin() + static_cast<std::ptrdiff_t>(std::min(waiting.size(), kBatchSize));
    std::vector<std::size_t> chosen{waiting.begin(), end};
    waiting.erase(waiting.begin(), end);
    for (const std::size_t id : chosen) {
      ++attempts[id];
    }
    return chosen;
  }

  std::vector<BatchRequest> requests;
  std::vector<int> attempts;
  std::vector<GraphResult<GraphAnswer>> results;  // of those that wait no more
  std::deque<std::size_t> waiting;
};

}  // namespace

struct GraphClient::State {
  State(TokenSource& of, HttpClient& through, const policy::EventLog& to, Settings chosen)
      : tokens(&of),
        http(&through),
        log(&to),
        settings(chosen),
        root(Url::parse(of.application().cloud.graph)) {}

  [[nodiscard]] GraphResult<Url> locate(const std::string& target) const;
  [[nodiscard]] HttpRequest prepare(const GraphRequest& request,
                                    const Url& url,
                                    const AccessToken& token) const;
  [[nodiscard]] bool may_repeat(const JudgedAnswer& judged, int attempt) const;
  [[nodiscard]] milliseconds pause(int attempt, std::optional<milliseconds> asked_for) const;
  void report(const Asked& asked, const GraphFailure& failure, std::string_view request_id) const;
  void report_retry(const Asked& asked,
                    const GraphFailure& failure,
                    std::string_view request_id,
                    milliseconds pause) const;
  void renew_if_roles_lack(const GraphFailure& failure,
                           const std::string& permission,
                           const AccessToken& token) const;
  Task<Exchange> exchange(HttpRequest request, const Asked& asked, bool is_batch);
  Task<GraphResult<GraphAnswer>> perform(GraphRequest request, bool is_batch);
  [[nodiscard]] std::optional<milliseconds> settle(BatchRun& run,
                                                   const std::vector<std::size_t>& chosen,
                                                   std::string_view body);
  [[nodiscard]] JudgedAnswer judge_part(const BatchRun& run,
                                        std::size_t id,
                                        ResponseNode response) const;

  TokenSource* tokens;
  HttpClient* http;
  const policy::EventLog* log;
  Settings settings;
  policy::Result<Url> root;
  std::uint64_t sent = 0;
  GraphAnswerCounts answers;
};

// Where a path or a link leads. The token goes to no other origin than the configured one.
GraphResult<Url> GraphClient::State::locate(const std::string& target) const {
  if (!root.has_value()) {
    return std::unexpected{graph_failure(
        Kind::kRefused, "the Graph URL of the directory's cloud: " + root.error().message)};
  }
  const bool is_path = target.starts_with('/');
  auto url =
      Url::parse(is_path ? text_of(root->origin()) + std::string{kVersionRoot} + target : target);
  if (!url.has_value()) {
    return std::unexpected{graph_failure(
        Kind::kRefused, "a link of Graph cannot be followed: " + std::move(url).error().message)};
  }
  if (url->origin() != root->origin()) {
    return std::unexpected{graph_failure(Kind::kForeignLink,
                                         "a link of Graph leads to " + text_of(url->origin()) +
                                             " and was not followed; only " +
                                             text_of(root->origin()) + " gets the token")};
  }
  return *std::move(url);
}

HttpRequest GraphClient::State::prepare(const GraphRequest& request,
                                        const Url& url,
                                        const AccessToken& token) const {
  HttpRequest prepared;
  prepared.method = request.method;
  prepared.url = url;
  prepared.headers = request.headers;
  prepared.headers.emplace_back("Authorization", "Bearer " + token.text);
  prepared.headers.emplace_back("Accept", "application/json");
  prepared.headers.emplace_back("client-request-id", random_guid());
  if (!request.body.empty()) {
    prepared.headers.emplace_back("Content-Type", "application/json");
  }
  prepared.body = request.body;
  prepared.timeout = settings.request_timeout;
  return prepared;
}

bool GraphClient::State::may_repeat(const JudgedAnswer& judged, int attempt) const {
  return judged.may_work_later && attempt < settings.most_attempts;
}

milliseconds GraphClient::State::pause(int attempt, std::optional<milliseconds> asked_for) const {
  const Backoff backoff{.first = settings.first_pause, .longest = settings.longest_pause};
  return backoff.pause(attempt, asked_for);
}

void GraphClient::State::report(const Asked& asked,
                                const GraphFailure& failure,
                                std::string_view request_id) const {
  if (is_expected(failure.kind)) {
    return;
  }
  log->write(policy::EventId::kGraphRequestFailed,
             {{.key = "tenant", .value = tokens->application().tenant},
              {.key = "request", .value = asked.path},
              {.key = "kind", .value = word_of(failure.kind)},
              {.key = "status", .value = std::uint64_t{failure.status}},
              {.key = "code", .value = failure.code},
              {.key = "request_id", .value = request_id},
              {.key = "error", .value = failure.message}});
}

void GraphClient::State::report_retry(const Asked& asked,
                                      const GraphFailure& failure,
                                      std::string_view request_id,
                                      milliseconds pause) const {
  log->write(policy::EventId::kGraphRequestRetried,
             {{.key = "tenant", .value = tokens->application().tenant},
              {.key = "request", .value = asked.path},
              {.key = "status", .value = std::uint64_t{failure.status}},
              {.key = "code", .value = failure.code},
              {.key = "pause", .value = std::chrono::duration<double>{pause}.count()},
              {.key = "request_id", .value = request_id}});
}

// A permission granted since the token was issued shows in a new token alone.
void GraphClient::State::renew_if_roles_lack(const GraphFailure& failure,
                                             const std::string& permission,
                                             const AccessToken& token) const {
  if (failure.kind == Kind::kPermission && !permission.empty() &&
      granted_by(token.roles, permission).empty()) {
    tokens->forget_refused(Audience::kGraph, token.text);
  }
}

Task<Exchange> GraphClient::State::exchange(HttpRequest request,
                                            const Asked& asked,
                                            bool is_batch) {
  ++sent;
  auto response = co_await http->send(std::move(request));
  if (!response.has_value()) {
    ++answers[0];
    co_return Exchange{.judged = judge_transport_failure(std::move(response).error(), asked),
                       .request_id = {}};
  }
  std::string request_id{find_header(response->headers, "request-id").value_or("")};
  if (is_batch && decode_batch(response->body).has_value()) {
    response->status = 200;  // its parts say themselves how they went
  } else {
    ++answers[response->status];
  }
  co_return Exchange{.judged = judge_answer(*std::move(response), asked),
                     .request_id = std::move(request_id)};
}

Task<GraphResult<GraphAnswer>> GraphClient::State::perform(GraphRequest request, bool is_batch) {
  const auto url = locate(request.target);
  if (!url.has_value()) {
    co_return std::unexpected{url.error()};
  }
  const Asked asked{.method = request.method,
                    .path = path_of(url->target()),
                    .permission = request.permission,
                    .origin = url->origin()};
  bool has_new_token = false;
  for (int attempt = 1;; ++attempt) {
    const auto token = co_await tokens->token(Audience::kGraph);
    if (!token.has_value()) {
      co_return std::unexpected{token.error()};
    }
    HttpRequest prepared = prepare(request, *url, *token);
    Exchange done = co_await exchange(std::move(prepared), asked, is_batch);
    if (done.judged.result.has_value()) {
      co_return std::move(done.judged.result);
    }
    const GraphFailure& failure = done.judged.result.error();
    if (failure.status == 401 && !has_new_token) {
      has_new_token = true;
      tokens->forget_refused(Audience::kGraph, token->text);
      continue;
    }
    if (!may_repeat(done.judged, attempt)) {
      renew_if_roles_lack(failure, request.permission, *token);
      report(asked, failure, done.request_id);
      co_return std::move(done.judged.result);
    }
    const milliseconds time = pause(attempt, done.judged.asked_for);
    report_retry(asked, failure, done.request_id, time);
    co_await wait_for(time);
  }
}

JudgedAnswer GraphClient::State::judge_part(const BatchRun& run,
                                            std::size_t id,
                                            ResponseNode response) const {
  const BatchRequest& request = run.requests[id];
  const Asked asked{.method = request.method,
                    .path = path_of(request.target),
                    .permission = request.permission,
                    .origin = root->origin()};
  if (!response.empty()) {
    return judge_answer(std::move(response.mapped()), asked);
  }
  return judge_transport_failure(
      {.code = policy::ErrorCode::kUnavailable, .message = "the answer to the batch leaves it out"},
      asked);
}

// Takes the answers of one batch; gives the pause that those ask for that are to be sent again.
std::optional<milliseconds> GraphClient::State::settle(BatchRun& run,
                                                       const std::vector<std::size_t>& chosen,
                                                       std::string_view body) {
  std::map<std::size_t, HttpResponse> responses;
  for (auto& [id, response] : decode_batch(body).value_or(BatchResponses{})) {
    ++answers[response.status];
    responses.insert_or_assign(id, std::move(response));
  }
  std::optional<milliseconds> longest;
  for (std::size_t i = chosen.size(); i > 0; --i) {
    const std::size_t id = chosen[i - 1];
    JudgedAnswer judged = judge_part(run, id, responses.extract(id));
    if (may_repeat(judged, run.attempts[id])) {
      run.waiting.push_front(id);
      longest = std::max(longest, std::optional{pause(run.attempts[id], judged.asked_for)});
    } else {
      run.results[id] = std::move(judged.result);
    }
  }
  return longest;
}

GraphClient::GraphClient(TokenSource& tokens,
                         HttpClient& http,
                         const policy::EventLog& log,
                         Settings settings)
    : state_(std::make_unique<State>(tokens, http, log, settings)) {}

GraphClient::~GraphClient() = default;

Task<GraphResult<GraphAnswer>> GraphClient::send(GraphRequest request) {
  co_return co_await state_->perform(std::move(request), false);
}

Task<GraphResult<std::vector<GraphResult<GraphAnswer>>>> GraphClient::send_batch(
    std::vector<BatchRequest> requests, HttpHeaders headers) {
  BatchRun run{std::move(requests)};
  while (!run.waiting.empty()) {
    const std::vector<std::size_t> chosen = run.take();
    GraphRequest request;
    request.method = "POST";
    request.target = "/$batch";
    request.body = encode_batch(run.requests, chosen);
    request.headers = headers;
    request.permission = run.requests[chosen.front()].permission;
    const auto answer = co_await state_->perform(std::move(request), true);
    if (!answer.has_value()) {
      co_return std::unexpected{answer.error()};
    }
    const auto pause = state_->settle(run, chosen, answer->body);
    if (pause) {
      co_await wait_for(*pause);
    }
  }
  co_return std::move(run.results);
}

GraphResult<void> GraphClient::check_link(const std::string& link) const {
  const auto url = state_->locate(link);
  return url.has_value() ? GraphResult<void>{} : std::unexpected{url.error()};
}

std::uint64_t GraphClient::requests_sent() const {
  return state_->sent;
}

const GraphAnswerCounts& GraphClient::answers() const {
  return state_->answers;
}

TokenSource& GraphClient::tokens() {
  return *state_->tokens;
}

}  // namespace directory
