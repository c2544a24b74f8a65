// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/batch.h"

#include "directory/graph/graph_answer.h"
#include "directory/graph/graph_client.h"
#include "directory/http/client.h"
#include "policy/base64.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

json::object encode_one(const BatchRequest& request, std::size_t id) {
  json::object object;
  object["id"] = std::to_string(id);
  object["method"] = request.method;
  object["url"] = request.target;
  json::object headers;
  for (const auto& [name, value] : request.headers) {
    headers[name] = value;
  }
  if (!request.body.empty()) {
    boost::system::error_code error;
    object["body"] = json::parse(request.body, error);
    headers["Content-Type"] = "application/json";
  }
  if (!headers.empty()) {
    object["headers"] = std::move(headers);
  }
  return object;
}

std::string body_of(const json::object& object) {
  const json::value* body = object.if_contains("body");
  if (body == nullptr || body->is_null()) {
    return {};
  }
  if (body->is_string()) {
    auto decoded = policy::decode_base64(body->get_string());
    if (decoded.has_value() && is_json(*decoded)) {
      return *std::move(decoded);
    }
  }
  return json::serialize(*body);
}

HttpHeaders headers_of(const json::object& object) {
  HttpHeaders headers;
  const json::value* found = object.if_contains("headers");
  if (found == nullptr || !found->is_object()) {
    return headers;
  }
  for (const auto& [name, value] : found->get_object()) {
    if (value.is_string()) {
      headers.emplace_back(name, value.get_string());
    } else if (value.is_number()) {
      headers.emplace_back(name, json::serialize(value));
    }
  }
  return headers;
}

std::optional<std::size_t> id_of(const json::object& object) {
  const json::value* found = object.if_contains("id");
  if (found == nullptr || !found->is_string()) {
    return std::nullopt;
  }
  const std::string text{found->get_string()};
  std::size_t id = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, id);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{id} : std::nullopt;
}

std::optional<std::pair<std::size_t, HttpResponse>> decode_one(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) {
    return std::nullopt;
  }
  const auto id = id_of(*object);
  const json::value* status = object->if_contains("status");
  boost::system::error_code error;
  const auto number = status == nullptr ? 0U : status->to_number<unsigned>(error);
  if (!id || error || number < 100 || number > 599) {
    return std::nullopt;
  }
  return std::pair{
      *id,
      HttpResponse{.status = number, .headers = headers_of(*object), .body = body_of(*object)}};
}

}  // namespace

std::string encode_batch(const std::vector<BatchRequest>& requests,
                         std::span<const std::size_t> chosen) {
  json::array list;
  for (const std::size_t id : chosen) {
    list.emplace_back(encode_one(requests[id], id));
  }
  json::object root;
  root["requests"] = std::move(list);
  return json::serialize(root);
}

policy::Result<BatchResponses> decode_batch(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const json::object* root = error ? nullptr : value.if_object();
  const json::value* list = root == nullptr ? nullptr : root->if_contains("responses");
  if (list == nullptr || !list->is_array()) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "the answer to a batch holds no responses");
  }
  BatchResponses responses;
  for (const json::value& item : list->get_array()) {
    if (auto response = decode_one(item)) {
      responses.push_back(*std::move(response));
    }
  }
  return responses;
}

}  // namespace directory
