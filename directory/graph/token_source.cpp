// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/token_source.h"

#include "directory/graph/application.h"
#include "directory/graph/backoff.h"
#include "directory/graph/client_assertion.h"
#include "directory/graph/failure.h"
#include "directory/graph/guid.h"
#include "directory/graph/token_answer.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "directory/private_file.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
// An old token that is good for longer than this still serves while no new one can be had.
constexpr auto kLastResort = std::chrono::seconds{30};

// One way to the network for a token, on which several may wait.
struct Flight {
  explicit Flight(const Executor& executor) : is_over(executor, Clock::time_point::max()) {}

  asio::steady_timer is_over;
  std::optional<GraphResult<AccessToken>> result;
};

struct Slot {
  AccessToken token;  // without text if there is none
  Clock::time_point renew_at;
  Clock::time_point expires_at;
  std::shared_ptr<Flight> flight;

  [[nodiscard]] bool is_fresh() const { return !token.text.empty() && Clock::now() < renew_at; }

  [[nodiscard]] bool is_usable() const {
    return !token.text.empty() && Clock::now() + kLastResort < expires_at;
  }

  void take(IssuedToken issued, milliseconds renew_early) {
    const auto lifetime = std::chrono::duration_cast<milliseconds>(issued.lifetime);
    token = std::move(issued.token);
    expires_at = Clock::now() + lifetime;
    renew_at = expires_at - std::min(renew_early, lifetime / 2);
  }
};

// How one request for a token was refused.
struct Refused {
  TokenRefusal refusal;
  std::optional<milliseconds> asked_for;  // the pause that the service asks for
};

// Wakes those who wait, also when the coroutine that flies is cancelled.
class Landing {
 public:
  explicit Landing(Slot& slot) : slot_(&slot) {}

  Landing(const Landing&) = delete;
  Landing& operator=(const Landing&) = delete;
  Landing(Landing&&) = delete;
  Landing& operator=(Landing&&) = delete;

  ~Landing() {
    const auto flight = std::exchange(slot_->flight, nullptr);
    boost::system::error_code ignored;  // who cannot be woken has gone
    flight->is_over.cancel(ignored);
  }

 private:
  Slot* slot_;
};

GraphFailure credential_failure(policy::Error cause) {
  return graph_failure(GraphFailureKind::kCredential,
                       "the directory's credential: " + std::move(cause.message));
}

std::string_view word_of(Audience audience) {
  return audience == Audience::kGraph ? "graph" : "exchange";
}

}  // namespace

struct TokenSource::State {
  State(Application of, HttpClient& through, const policy::EventLog& to, TokenSettings chosen)
      : application(std::move(of)), client(&through), log(&to), settings(chosen) {}

  [[nodiscard]] Slot& slot(Audience audience) {
    return audience == Audience::kGraph ? graph : exchange;
  }

  [[nodiscard]] std::string token_url() const {
    return application.cloud.login + '/' + percent_encoded(application.tenant) +
           "/oauth2/v2.0/token";
  }

  [[nodiscard]] GraphResult<HttpRequest> request(Audience audience) const;
  [[nodiscard]] policy::Result<std::string> proof() const;
  [[nodiscard]] std::optional<milliseconds> next_pause(TokenRetry retry,
                                                       int attempt,
                                                       std::optional<milliseconds> asked_for) const;
  void report(policy::EventId event,
              Audience audience,
              const GraphFailure& failure,
              milliseconds pause) const;
  [[nodiscard]] Task<std::expected<IssuedToken, Refused>> ask(HttpRequest request) const;
  [[nodiscard]] Task<GraphResult<IssuedToken>> fetch(Audience audience) const;

  Application application;
  HttpClient* client;
  const policy::EventLog* log;
  TokenSettings settings;
  Slot graph;
  Slot exchange;
};

// The part of the form that says who asks.
policy::Result<std::string> TokenSource::State::proof() const {
  const Credential& credential = application.credential;
  if (!credential.secret.empty()) {
    auto secret = read_secret(credential.secret);
    if (!secret.has_value()) {
      return secret;
    }
    return "&client_secret=" + percent_encoded(*secret);
  }
  auto assertion = make_client_assertion(credential.certificate,
                                         {.audience = token_url(),
                                          .client_id = application.client_id,
                                          .id = random_guid(),
                                          .now = std::chrono::system_clock::now()});
  if (!assertion.has_value()) {
    return assertion;
  }
  return "&client_assertion_type=" + percent_encoded(kAssertionType) +
         "&client_assertion=" + percent_encoded(*assertion);
}

GraphResult<HttpRequest> TokenSource::State::request(Audience audience) const {
  auto url = Url::parse(token_url());
  if (!url.has_value()) {
    return std::unexpected{
        graph_failure(GraphFailureKind::kRefused,
                      "the login URL of the directory's cloud: " + std::move(url).error().message)};
  }
  auto who = proof();
  if (!who.has_value()) {
    return std::unexpected{credential_failure(std::move(who).error())};
  }
  const CloudEndpoints& cloud = application.cloud;
  const std::string& resource = audience == Audience::kGraph ? cloud.graph : cloud.exchange;
  HttpRequest request;
  request.method = "POST";
  request.url = *std::move(url);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"},
                     {"client-request-id", random_guid()}};
  request.body =
      "grant_type=client_credentials&client_id=" + percent_encoded(application.client_id) +
      "&scope=" + percent_encoded(resource + "/.default") + *who;
  request.timeout = settings.request_timeout;
  return request;
}

std::optional<milliseconds> TokenSource::State::next_pause(
    TokenRetry retry, int attempt, std::optional<milliseconds> asked_for) const {
  if (retry == TokenRetry::kKey && attempt < settings.key_attempts) {
    return settings.key_pause;
  }
  if (retry == TokenRetry::kLater && attempt < settings.most_attempts) {
    const Backoff backoff{.first = settings.first_pause, .longest = settings.longest_pause};
    return backoff.pause(attempt, asked_for);
  }
  return std::nullopt;
}

void TokenSource::State::report(policy::EventId event,
                                Audience audience,
                                const GraphFailure& failure,
                                milliseconds pause) const {
  log->write(event,
             {{.key = "tenant", .value = application.tenant},
              {.key = "audience", .value = word_of(audience)},
              {.key = "kind", .value = directory::word_of(failure.kind)},
              {.key = "code", .value = failure.code},
              {.key = "pause", .value = std::chrono::duration<double>{pause}.count()},
              {.key = "error", .value = failure.message}});
}

Task<std::expected<IssuedToken, Refused>> TokenSource::State::ask(HttpRequest request) const {
  auto response = co_await client->send(std::move(request));
  if (!response.has_value()) {
    Refused refused;
    refused.refusal = describe_transport_failure(std::move(response).error());
    co_return std::unexpected{std::move(refused)};
  }
  auto issued = decode_token_answer(*response, application);
  if (!issued.has_value()) {
    co_return std::unexpected{
        Refused{.refusal = std::move(issued).error(), .asked_for = retry_after(response->headers)}};
  }
  co_return *std::move(issued);
}

Task<GraphResult<IssuedToken>> TokenSource::State::fetch(Audience audience) const {
  for (int attempt = 1;; ++attempt) {
    auto prepared = request(audience);
    if (!prepared.has_value()) {
      report(policy::EventId::kTokenRefused, audience, prepared.error(), {});
      co_return std::unexpected{std::move(prepared).error()};
    }
    auto issued = co_await ask(*std::move(prepared));
    if (issued.has_value()) {
      co_return *std::move(issued);
    }
    auto& [refusal, asked_for] = issued.error();
    const auto pause = next_pause(refusal.retry, attempt, asked_for);
    if (!pause) {
      report(policy::EventId::kTokenRefused, audience, refusal.failure, {});
      co_return std::unexpected{std::move(refusal.failure)};
    }
    report(policy::EventId::kTokenRequestRetried, audience, refusal.failure, *pause);
    co_await wait_for(*pause);
  }
}

TokenSource::TokenSource(Application application,
                         HttpClient& client,
                         const policy::EventLog& log,
                         TokenSettings settings)
    : state_(std::make_shared<State>(std::move(application), client, log, settings)) {}

TokenSource::~TokenSource() = default;

Task<GraphResult<AccessToken>> TokenSource::token(Audience audience) {
  const std::shared_ptr<State> state = state_;  // outlives this source while somebody waits
  Slot& slot = state->slot(audience);
  while (!slot.is_fresh() && slot.flight != nullptr) {
    const std::shared_ptr<Flight> flight = slot.flight;
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await flight->is_over.async_wait(token);
    if (const auto& result = flight->result) {
      co_return *result;
    }
  }
  if (slot.is_fresh()) {
    co_return slot.token;
  }
  const auto flight = std::make_shared<Flight>(co_await asio::this_coro::executor);
  slot.flight = flight;
  const Landing landing{slot};
  auto issued = co_await state->fetch(audience);
  GraphResult<AccessToken> result;
  if (issued.has_value()) {
    slot.take(*std::move(issued), state->settings.renew_early);
    result = slot.token;
  } else if (issued.error().kind == GraphFailureKind::kUnavailable && slot.is_usable()) {
    result = slot.token;
  } else {
    result = std::unexpected{std::move(issued).error()};
  }
  flight->result = result;
  co_return result;
}

void TokenSource::forget(Audience audience) {
  state_->slot(audience).token = {};
}

void TokenSource::forget_refused(Audience audience, std::string_view text) {
  Slot& slot = state_->slot(audience);
  if (slot.token.text == text) {
    slot.token = {};
  }
}

const Application& TokenSource::application() const {
  return state_->application;
}

}  // namespace directory
