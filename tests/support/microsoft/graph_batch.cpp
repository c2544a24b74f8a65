// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_batch.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_routes.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/request_log.h"
#include "tests/support/microsoft/throttling.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

constexpr std::size_t kMostParts = 20;

json::object told(const std::string& id, const Response& response) {
  json::object headers;
  for (const auto& [name, value] : response.headers) {
    headers[name] = value;
  }
  json::object part;
  part["id"] = id;
  part["status"] = response.status;
  part["headers"] = std::move(headers);
  part["body"] = response.body.empty() ? json::value(nullptr) : json::parse(response.body);
  return part;
}

Request part_request(const GraphCall& call, const json::object& part) {
  const std::string_view url = text_of(part, "url");
  const std::size_t question = std::min(url.find('?'), url.size());
  Request request{.service = Service::kGraph,
                  .method = std::string{text_of(part, "method")},
                  .path = "/v1.0",
                  .query = std::string{url.substr(std::min(url.size(), question + 1))},
                  .headers = {{"Authorization",
                               std::string{*find_field(call.request->headers, "Authorization")}}},
                  .body = {}};
  request.path += url.starts_with('/') ? "" : "/";
  request.path += url.substr(0, question);
  if (const json::value* headers = part.if_contains("headers");
      headers != nullptr && headers->is_object()) {
    for (const auto& field : headers->get_object()) {
      request.headers.emplace_back(field.key(), text_of(headers->get_object(), field.key()));
    }
  }
  if (const json::value* body = part.if_contains("body"); body != nullptr) {
    request.body = json::serialize(*body);
  }
  return request;
}

// So many requests for one mailbox Exchange answers at a time.
constexpr std::size_t kMostOfOneMailbox = 4;

// How many parts of a batch are for each mailbox.
using MailboxCounts = std::map<std::string, std::size_t>;

bool is_too_much_for_mailbox(const std::string& path, MailboxCounts& counts) {
  const std::string mailbox = mailbox_of(path);
  return !mailbox.empty() && ++counts[mailbox] > kMostOfOneMailbox;
}

Response too_much_for_mailbox(World& world) {
  Response response = graph_failure(world,
                                    {.status = 429,
                                     .code = "ApplicationThrottled",
                                     .message = "Application is over its MailboxConcurrency limit.",
                                     .inner_code = {}});
  if (const auto& pause = world.throttle.settings().retry_after; pause.has_value()) {
    response.headers.emplace_back("Retry-After", *pause);
  }
  return response;
}

json::object answer_part(const GraphCall& call,
                         const Request& request,
                         const std::string& id,
                         MailboxCounts& counts) {
  World& world = *call.world;
  world.log.add_batched(request.method + ' ' + endpoint_of(Service::kGraph, request.path));
  if (world.throttle.refuses_part()) {
    return told(id, throttled(world));
  }
  if (is_too_much_for_mailbox(request.path, counts)) {
    return told(id, too_much_for_mailbox(world));
  }
  GraphCall routed = call;
  routed.request = &request;
  return told(id, answer_routed(routed));
}

// Nothing if the parts are as they must be; otherwise what is wrong.
std::string fault_of(const json::array& parts) {
  if (parts.empty() || parts.size() > kMostParts) {
    return "A batch has 1 to 20 requests.";
  }
  std::set<std::string_view> ids;
  for (const json::value& part : parts) {
    if (!part.is_object() || text_of(part.get_object(), "id").empty() ||
        text_of(part.get_object(), "method").empty()) {
      return "Each request has an id, a method and a url.";
    }
    if (!ids.insert(text_of(part.get_object(), "id")).second) {
      return "The ids of the requests are not unique.";
    }
    const std::string_view url = text_of(part.get_object(), "url");
    if (url.empty() || url.find("://") < url.find('?') || url.starts_with("/v1.0")) {
      return "The url of a request is relative to the version root.";
    }
  }
  return {};
}

}  // namespace

Response answer_batch(const GraphCall& call) {
  boost::system::error_code error;
  const json::value body = json::parse(call.request->body, error);
  const json::value* requests =
      !error && body.is_object() ? body.get_object().if_contains("requests") : nullptr;
  const auto type = find_field(call.request->headers, "Content-Type");
  if (call.request->method != "POST" || requests == nullptr || !requests->is_array() ||
      !type.has_value() || !type->starts_with("application/json")) {
    return bad_request(call, "A batch is a POST of JSON with an array of requests.");
  }
  const json::array& parts = requests->get_array();
  if (const std::string fault = fault_of(parts); !fault.empty()) {
    return bad_request(call, fault);
  }
  json::array responses;
  MailboxCounts counts;
  bool is_for_scan = false;
  for (const json::value& part : parts) {
    const Request request = part_request(call, part.get_object());
    is_for_scan = is_for_scan || is_for_scans(request.path);
    const std::string id{text_of(part.get_object(), "id")};
    responses.push_back(answer_part(call, request, id, counts));
  }
  if (is_for_scan && !has_time(*call.request)) {
    call.world->log.add_not_low_priority();
  }
  std::ranges::shuffle(responses, call.world->random.engine());
  json::object answer;
  answer["responses"] = std::move(responses);
  return json_answer(answer);
}

}  // namespace tests::microsoft
