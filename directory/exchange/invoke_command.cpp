// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/invoke_command.h"

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/cmdlet_answer.h"
#include "directory/graph/application.h"
#include "directory/graph/backoff.h"
#include "directory/graph/failure.h"
#include "directory/graph/guid.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using Kind = CmdletFailureKind;
using std::chrono::milliseconds;
using Places = asio::experimental::channel<void(boost::system::error_code)>;

constexpr unsigned kUnauthorized = 401;
constexpr int kMostParts = 100;

// The mailbox at whose server a cmdlet of an application runs, in every tenant.
constexpr std::string_view kAnchor = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@";

// A place among the calls under way; the next one in the line gets it when this ends.
class Turn {
 public:
  explicit Turn(std::shared_ptr<Places> places) : places_(std::move(places)) {}

  ~Turn() {
    places_->try_receive([](const boost::system::error_code&) {});
  }

  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Turn(Turn&&) = delete;
  Turn& operator=(Turn&&) = delete;

 private:
  std::shared_ptr<Places> places_;
};

CmdletFailure no_token(GraphFailure failure) {
  const bool is_passing = failure.kind == GraphFailureKind::kUnavailable;
  return {.kind = is_passing ? Kind::kUnavailable : Kind::kCredential,
          .message = std::move(failure.message)};
}

// Where a call goes, and as what it is known in the log.
struct Call {
  std::string method = "POST";
  std::string url;
  Cmdlet cmdlet;
  HttpHeaders headers;
  std::string body;
};

std::string body_of(const Cmdlet& cmdlet) {
  json::object input;
  input["CmdletName"] = cmdlet.name;
  input["Parameters"] = cmdlet.parameters;
  return json::serialize(json::object{{"CmdletInput", std::move(input)}});
}

}  // namespace

struct InvokeCommandClient::State {
  State(const Executor& executor,
        TokenSource& of,
        HttpClient& through,
        const policy::EventLog& to,
        Settings chosen)
      : tokens(&of),
        http(&through),
        log(&to),
        settings(chosen),
        places(std::make_shared<Places>(executor, 1)) {}

  [[nodiscard]] const std::string& origin() const { return tokens->application().cloud.exchange; }

  [[nodiscard]] bool may_repeat(const JudgedCmdlet& judged, const Call& call, int attempt) const;
  void report(policy::EventId event, const Call& call, const JudgedCmdlet& judged) const;
  [[nodiscard]] Task<JudgedCmdlet> send_once(const Call& call, AccessToken token) const;
  [[nodiscard]] Task<JudgedCmdlet> send(Call call);
  [[nodiscard]] Task<JudgedCmdlet> follow(Call call, std::vector<json::object> objects);

  TokenSource* tokens;
  HttpClient* http;
  const policy::EventLog* log;
  Settings settings;
  std::shared_ptr<Places> places;
};

bool InvokeCommandClient::State::may_repeat(const JudgedCmdlet& judged,
                                            const Call& call,
                                            int attempt) const {
  const Kind kind = judged.result.error().kind;
  const bool is_passing =
      kind == Kind::kBusy || (kind == Kind::kUnavailable && is_read(call.cmdlet));
  return is_passing && attempt < settings.most_attempts;
}

void InvokeCommandClient::State::report(policy::EventId event,
                                        const Call& call,
                                        const JudgedCmdlet& judged) const {
  log->write(event,
             {{.key = "tenant", .value = tokens->application().tenant},
              {.key = "cmdlet", .value = call.cmdlet.name},
              {.key = "status", .value = std::uint64_t{judged.status}},
              {.key = "error", .value = judged.result.error().message}});
}

Task<JudgedCmdlet> InvokeCommandClient::State::send_once(const Call& call,
                                                         AccessToken token) const {
  JudgedCmdlet judged;
  auto url = Url::parse(call.url);
  if (!url.has_value()) {
    judged.result = std::unexpected{CmdletFailure{
        .kind = Kind::kRefused,
        .message = "the Exchange URL of the directory's cloud: " + std::move(url).error().message}};
    co_return judged;
  }
  HttpRequest request;
  request.method = call.method;
  request.url = *std::move(url);
  request.headers = call.headers;
  request.headers.emplace_back("Authorization", "Bearer " + token.text);
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("X-AnchorMailbox", std::string{kAnchor} + token.tenant_id);
  request.headers.emplace_back("client-request-id", random_guid());
  request.body = call.body;
  request.timeout = settings.request_timeout;
  auto response = co_await http->send(std::move(request));
  if (response.has_value()) {
    co_return judge_cmdlet(*response, call.cmdlet);
  }
  const bool is_passing = response.error().code == policy::ErrorCode::kUnavailable;
  judged.result =
      std::unexpected{CmdletFailure{.kind = is_passing ? Kind::kUnavailable : Kind::kRefused,
                                    .message = call.cmdlet.name + ": " + response.error().message}};
  co_return judged;
}

Task<JudgedCmdlet> InvokeCommandClient::State::send(Call call) {
  const Backoff backoff{.first = settings.first_pause, .longest = settings.longest_pause};
  bool has_new_token = false;
  for (int attempt = 1;; ++attempt) {
    auto token = co_await tokens->token(Audience::kExchange);
    if (!token.has_value()) {
      JudgedCmdlet judged;
      judged.result = std::unexpected{no_token(std::move(token).error())};
      co_return judged;
    }
    JudgedCmdlet judged = co_await send_once(call, *token);
    if (judged.result.has_value()) {
      co_return judged;
    }
    if (judged.status == kUnauthorized && !has_new_token) {
      has_new_token = true;
      tokens->forget_refused(Audience::kExchange, token->text);
      continue;
    }
    if (!may_repeat(judged, call, attempt)) {
      report(policy::EventId::kExchangeFailed, call, judged);
      co_return judged;
    }
    report(policy::EventId::kExchangeRetried, call, judged);
    co_await wait_for(backoff.pause(attempt, judged.asked_for));
  }
}

// The rest of a list is asked for with the same body. A list that is not whole is none: what seems
// to be absent would be made again.
Task<JudgedCmdlet> InvokeCommandClient::State::follow(Call call,
                                                      std::vector<json::object> objects) {
  JudgedCmdlet judged;
  for (int part = 0; part < kMostParts; ++part) {
    judged = co_await send(call);
    if (!judged.result.has_value()) {
      co_return judged;
    }
    std::ranges::move(*judged.result, std::back_inserter(objects));
    if (judged.next_link.empty()) {
      judged.result = std::move(objects);
      co_return judged;
    }
    const auto link = Url::parse(judged.next_link);
    const auto root = Url::parse(origin());
    if (!link.has_value() || !root.has_value() || link->origin() != root->origin()) {
      break;
    }
    call.url = judged.next_link;
  }
  judged.result = std::unexpected{
      CmdletFailure{.kind = Kind::kRefused,
                    .message = "the list of " + call.cmdlet.name +
                               " goes on where it cannot be followed; nothing was done"}};
  co_return judged;
}

InvokeCommandClient::InvokeCommandClient(const Executor& executor,
                                         TokenSource& tokens,
                                         HttpClient& http,
                                         const policy::EventLog& log,
                                         Settings settings)
    : state_(std::make_shared<State>(executor, tokens, http, log, settings)) {}

InvokeCommandClient::~InvokeCommandClient() = default;

Task<CmdletResult> InvokeCommandClient::invoke(Cmdlet cmdlet) {
  const std::shared_ptr<State> state = state_;  // outlives this client while somebody waits
  const boost::system::error_code no_error;
  co_await state->places->async_send(no_error, asio::use_awaitable);
  const Turn turn{state->places};
  auto tenant = co_await tenant_id();
  if (!tenant.has_value()) {
    co_return std::unexpected{std::move(tenant).error()};
  }
  Call call;
  call.url = state->origin() + "/adminapi/beta/" + *tenant + "/InvokeCommand";
  call.headers = {{"Content-Type", "application/json; charset=utf-8"},
                  {"Prefer", "odata.maxpagesize=1000"},
                  {"X-ResponseFormat", "json"},
                  {"X-CmdletName", cmdlet.name}};
  call.body = body_of(cmdlet);
  call.cmdlet = std::move(cmdlet);
  std::vector<json::object> none_yet;
  JudgedCmdlet judged = co_await state->follow(std::move(call), std::move(none_yet));
  co_return std::move(judged.result);
}

Task<std::expected<std::string, CmdletFailure>> InvokeCommandClient::tenant_id() {
  auto token = co_await state_->tokens->token(Audience::kExchange);
  if (!token.has_value()) {
    co_return std::unexpected{no_token(std::move(token).error())};
  }
  if (token->tenant_id.empty()) {
    co_return std::unexpected{CmdletFailure{
        .kind = Kind::kCredential, .message = "the token for Exchange does not name its tenant"}};
  }
  co_return token->tenant_id;
}

Task<std::expected<std::set<std::string>, CmdletFailure>> InvokeCommandClient::allowed_cmdlets() {
  const std::shared_ptr<State> state = state_;
  const boost::system::error_code no_error;
  co_await state->places->async_send(no_error, asio::use_awaitable);
  const Turn turn{state->places};
  auto tenant = co_await tenant_id();
  if (!tenant.has_value()) {
    co_return std::unexpected{std::move(tenant).error()};
  }
  Call call;
  call.method = "GET";
  call.url = state->origin() + "/adminapi/v1.0/" + *tenant + "/EXOModuleFile?Version=3.9.2";
  call.headers = {{"CommandName", "*"}};
  call.cmdlet.name = "Get-ExportedCmdlets";
  JudgedCmdlet judged = co_await state->send(std::move(call));
  if (!judged.result.has_value()) {
    co_return std::unexpected{std::move(judged.result).error()};
  }
  std::set<std::string> allowed;
  for (const json::object& each : *judged.result) {
    const json::value* names = each.if_contains("exportedCmdlets");
    if (names == nullptr || !names->is_string()) {
      continue;
    }
    std::string_view rest = names->get_string();
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      allowed.emplace(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  co_return allowed;
}

}  // namespace directory
