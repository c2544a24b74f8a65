// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/delta_feed.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/filter.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/selection.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>

#include <charconv>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr std::size_t kMostIds = 50;

ObjectKind kind_of(const GraphCall& call) {
  return call.path.front() == "users" ? ObjectKind::kUser : ObjectKind::kGroup;
}

// `Prefer: odata.maxpagesize=n`.
std::size_t preferred_page_size(const Request& request) {
  constexpr std::string_view kName = "odata.maxpagesize=";
  const std::string_view prefer = find_field(request.headers, "Prefer").value_or("");
  const std::size_t at = prefer.find(kName);
  std::size_t size = 0;
  if (at != std::string_view::npos) {
    const std::string_view digits = prefer.substr(at + kName.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), size);
  }
  return size;
}

std::expected<DeltaQuery, Response> read_query(const GraphCall& call) {
  auto selection = select_properties(kind_of(call), call.query.find("$select"), true);
  if (!selection.has_value()) {
    return std::unexpected{selection_failure(call, selection.error())};
  }
  DeltaQuery query{.kind = kind_of(call),
                   .selection = std::move(*selection),
                   .ids = {},
                   .page_size = preferred_page_size(*call.request)};
  const auto filter = call.query.find("$filter");
  if (!filter.has_value()) {
    return query;
  }
  const auto conditions = parse_filter(*filter);
  if (!conditions.has_value() || conditions->size() > kMostIds) {
    return std::unexpected{bad_request(call, "Delta filters by at most 50 ids, joined with or.")};
  }
  for (const Condition& condition : *conditions) {
    if (condition.property != "id" || condition.kind != Condition::Kind::kEquals) {
      return std::unexpected{bad_request(call, "Delta filters by id only.")};
    }
    query.ids.push_back(lower_case(condition.value));
  }
  return query;
}

// The service no longer knows where the client was: it begins anew at the place it is told.
Response resync(const GraphCall& call, const std::string& token, TokenRefusal refusal) {
  if (refusal == TokenRefusal::kUnknown || call.world->expired_is_not_found) {
    return graph_failure(
        *call.world,
        {.status = 400,
         .code = "syncStateNotFound",
         .message = "The sync state generation is not found. Please restart synchronization.",
         .inner_code = {}});
  }
  Response response = graph_failure(
      *call.world,
      {.status = 410,
       .code = "resyncRequired",
       .message = "Resync required. Replace any local items with the server's version.",
       .inner_code = "resyncApplyDifferences"});
  std::string location = url_of(call) + '?';
  const auto query = call.site->delta.query_of(token);
  if (query.has_value() && !query->selection.text.empty()) {
    location += "$select=" + percent_encoded(query->selection.text) + '&';
  }
  response.headers.emplace_back("Location", location + "$deltatoken=");
  return response;
}

Response told(const GraphCall& call, DeltaPage page) {
  const std::string link = url_of(call) + (page.is_last ? "?$deltatoken=" : "?$skiptoken=");
  json::object body;
  body["@odata.context"] = context_of(call, call.path.front());
  body[page.is_last ? "@odata.deltaLink" : "@odata.nextLink"] = link + page.token;
  body["value"] = std::move(page.value);
  return json_answer(body);
}

Response follow(const GraphCall& call, TokenUse use, const std::string& token) {
  const auto known = call.site->delta.query_of(token);
  const auto select = call.query.find("$select");
  if (known.has_value() && select.has_value() && *select != known->selection.text) {
    return bad_request(call, "The token was given out for another $select.");
  }
  auto page = call.site->delta.follow(kind_of(call), use, token);
  if (!page.has_value()) {
    return resync(call, token, page.error());
  }
  return told(call, std::move(*page));
}

}  // namespace

Response answer_delta(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select", "$filter", "$skiptoken", "$deltatoken"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  if (const auto token = call.query.find("$skiptoken"); token.has_value()) {
    return follow(call, TokenUse::kSkip, *token);
  }
  const std::string token = call.query.find("$deltatoken").value_or("");
  if (!token.empty() && token != "latest") {
    return follow(call, TokenUse::kDelta, token);
  }
  const auto query = read_query(call);
  if (!query.has_value()) {
    return query.error();
  }
  DeltaFeed& feed = call.site->delta;
  return told(call, token.empty() ? feed.begin(*query) : feed.begin_with_nothing(*query));
}

}  // namespace tests::microsoft
