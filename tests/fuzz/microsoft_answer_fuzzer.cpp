// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/cmdlet_answer.h"
#include "directory/exchange/object_values.h"
#include "directory/graph/application.h"
#include "directory/graph/backoff.h"
#include "directory/graph/batch.h"
#include "directory/graph/graph_answer.h"
#include "directory/graph/token_answer.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace {

using directory::HttpResponse;
using std::chrono::milliseconds;

// A status, fields of a header, an empty line, a body: as much of an answer as readers are given.
HttpResponse response_of(std::string_view text) {
  HttpResponse response;
  const std::size_t end = std::min(text.find("\n\n"), text.size());
  std::string_view header = text.substr(0, end);
  response.body = text.substr(std::min(end + 2, text.size()));
  std::from_chars(header.data(), header.data() + header.size(), response.status);
  response.status = response.status >= 100 && response.status < 600 ? response.status : 400;
  while (!header.empty()) {
    const std::size_t next = std::min(header.find('\n'), header.size());
    const std::string_view line = header.substr(0, next);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    header.remove_prefix(std::min(next + 1, header.size()));
  }
  return response;
}

void check_pause(const std::optional<milliseconds>& pause) {
  check(!pause.has_value() || (pause->count() >= 0 && *pause <= std::chrono::hours{24}));
}

void check_failure(const directory::GraphFailure& failure) {
  check(!failure.message.empty() && is_plain(failure.message) && failure.message.size() < 4096);
}

// A failure is told in words that can be shown, and leads to no stranger.
void judge(const HttpResponse& response) {
  const auto graph = directory::Url::parse("https://graph.example/v1.0/users");
  check(graph.has_value());
  const directory::Asked asked{.method = "GET",
                               .path = "/v1.0/users",
                               .permission = "User.Read.All",
                               .origin = graph->origin()};
  const directory::JudgedAnswer judged = directory::judge_answer(response, asked);
  check_pause(judged.asked_for);
  if (judged.result.has_value()) {
    check(response.status / 100 == 2);
    return;
  }
  check_failure(judged.result.error());
  const std::string& link = judged.result.error().resync_link;
  if (!link.empty()) {
    const auto url = directory::Url::parse(link);
    check(url.has_value() && url->origin() == graph->origin());
  }
}

void judge_token(const HttpResponse& response) {
  const directory::Application application{
      .tenant = "tenant", .client_id = "client", .credential = {}, .cloud = {}};
  const auto issued = directory::decode_token_answer(response, application);
  if (!issued.has_value()) {
    check_failure(issued.error().failure);
    return;
  }
  // It is added to a clock.
  check(issued->lifetime > std::chrono::seconds{0} && issued->lifetime <= std::chrono::hours{24});
  check(!issued->token.text.empty());
}

void judge_cmdlet(const HttpResponse& response) {
  for (const std::string_view name : {"Get-InboundConnector", "New-InboundConnector"}) {
    const directory::Cmdlet cmdlet{.name = std::string{name}, .parameters = {}};
    const directory::JudgedCmdlet judged = directory::judge_cmdlet(response, cmdlet);
    check_pause(judged.asked_for);
    if (!judged.result.has_value()) {
      check(is_plain(judged.result.error().message) && judged.result.error().message.size() < 4096);
      continue;
    }
    for (const boost::json::object& object : *judged.result) {
      for (const auto& [key, value] : object) {
        check(key.find('@') == boost::json::string_view::npos);
        check(directory::is_same_value(std::string_view{key}, value, value));
      }
    }
  }
}

constexpr auto kPieces =
    joined(kPiecesOfJson,
           std::to_array<std::string_view>(
               {"200\n",
                "401\n",
                "403\n",
                "410\n",
                "429\n",
                "500\n",
                "Retry-After: ",
                "120",
                "0.5",
                "-1",
                "inf",
                "1e400",
                "Wed, 21 Oct 2026 07:28:00 GMT",
                "Location: ",
                "https://graph.example/v1.0/users?$deltatoken=x",
                "https://graph.example.attacker.example/",
                "https://graph.example@attacker.example/",
                "https://graph.example:443/",
                "http://graph.example/",
                "\n\n",
                "error",
                "code",
                "message",
                "innerError",
                "innererror",
                "syncStateNotFound",
                "resyncRequired",
                "Authorization_IdentityNotFound",
                "responses",
                "id",
                "1",
                "status",
                "429",
                "headers",
                "Retry-After",
                "body",
                "eyJhIjoxfQ==",
                "access_token",
                "a.eyJ0aWQiOiJ4In0.c",
                "expires_in",
                "3599",
                "9223372036854775807",
                "error_codes",
                "error_description",
                "AADSTS700027: x Trace ID: y",
                "AADSTS99999999999999999999",
                "invalid_client",
                "value",
                "@odata.nextLink",
                "Name@odata.type",
                "details",
                "internalexception",
                "type",
                "|Microsoft.Exchange.ManagementObjectNotFoundException|no such object",
                "Ex6F9304|Type|Text",
                "SenderDomains",
                "smtp:*;1",
                "Comment",
                "HeaderContainsWords",
                "\xE2\x80\xAE",
                "\xC2\x9B",
                "\x1B[2J"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const HttpResponse response = response_of(fuzz_input(data, size));
  check_pause(directory::retry_after(response.headers));
  judge(response);
  judge_token(response);
  judge_cmdlet(response);
  if (const auto answers = directory::decode_batch(response.body); answers.has_value()) {
    for (const auto& [id, answer] : *answers) {
      check(answer.status >= 100 && answer.status <= 599);
      judge(answer);
    }
  }
  static_cast<void>(directory::decode_access_token(response.body));
  return 0;
}
