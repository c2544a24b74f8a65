// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/request_fields.h"

#include "directory/api/answer.h"
#include "directory/api/repeated_key.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

namespace json = boost::json;

struct RequestFields::State {
  json::object object;
  std::string place;  // of the object, as a JSON pointer
  std::set<std::string, std::less<>> known;
  std::optional<Problem> problem;

  [[nodiscard]] std::string pointer(std::string_view name) const {
    std::string escaped;
    for (const char c : name) {
      if (c == '~' || c == '/') {
        escaped += c == '~' ? "~0" : "~1";
      } else {
        escaped += c;
      }
    }
    return place + "/" + escaped;
  }

  void object_to(std::string_view name, std::string detail, std::string_view below = "") {
    if (!problem.has_value()) {
      problem = refuse_request(std::move(detail), pointer(name) + std::string{below}).error();
    }
  }

  const json::value* find(std::string_view name) {
    known.emplace(name);
    const json::value* value = object.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
};

RequestFields::RequestFields(std::unique_ptr<State> state) : state_(std::move(state)) {}

RequestFields::RequestFields(RequestFields&& other) noexcept = default;

RequestFields& RequestFields::operator=(RequestFields&& other) noexcept = default;

RequestFields::~RequestFields() = default;

std::expected<RequestFields, Problem> RequestFields::parse(std::string_view body) {
  auto state = std::make_unique<State>();
  if (body.empty()) {
    return RequestFields{std::move(state)};
  }
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  if (error) {
    return refuse_request("the body is no JSON: " + error.message());
  }
  if (!value.is_object()) {
    return refuse_request("the body must be a JSON object");
  }
  if (const auto repeated = find_repeated_key(body); repeated.has_value()) {
    return refuse_request("the body has '" + *repeated + "' twice in one object");
  }
  state->object = std::move(value.get_object());
  return RequestFields{std::move(state)};
}

std::optional<std::string> RequestFields::text(std::string_view name) {
  const json::value* value = state_->find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_string()) {
    state_->object_to(name, "'" + std::string{name} + "' must be a text");
    return std::nullopt;
  }
  return std::string{value->get_string()};
}

std::optional<bool> RequestFields::boolean(std::string_view name) {
  const json::value* value = state_->find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_bool()) {
    state_->object_to(name, "'" + std::string{name} + "' must be true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<std::int64_t> RequestFields::number(std::string_view name) {
  const json::value* value = state_->find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_int64()) {
    state_->object_to(name, "'" + std::string{name} + "' must be a whole number");
    return std::nullopt;
  }
  return value->get_int64();
}

bool RequestFields::is_null(std::string_view name) {
  state_->known.emplace(name);
  const json::value* value = state_->object.if_contains(name);
  return value != nullptr && value->is_null();
}

std::optional<std::vector<std::string>> RequestFields::texts(std::string_view name) {
  const json::value* value = state_->find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  std::vector<std::string> texts;
  bool is_list = value->is_array();
  for (std::size_t i = 0; is_list && i < value->get_array().size(); ++i) {
    const json::value& item = value->get_array()[i];
    is_list = item.is_string();
    if (is_list) {
      texts.emplace_back(item.get_string());
    }
  }
  if (!is_list) {
    state_->object_to(name, "'" + std::string{name} + "' must be a list of texts");
    return std::nullopt;
  }
  return texts;
}

void RequestFields::for_each_object(std::string_view name,
                                    const std::function<void(RequestFields&)>& visit) {
  const json::value* value = state_->find(name);
  if (value == nullptr) {
    return;
  }
  if (!value->is_array()) {
    state_->object_to(name, "'" + std::string{name} + "' must be a list of objects");
    return;
  }
  for (std::size_t i = 0; i < value->get_array().size(); ++i) {
    const json::object* item = value->get_array()[i].if_object();
    if (item == nullptr) {
      state_->object_to(name, "'" + std::string{name} + "' must be a list of objects");
      return;
    }
    auto state = std::make_unique<State>();
    state->object = *item;
    state->place = state_->pointer(name) + "/" + std::to_string(i);
    RequestFields fields{std::move(state)};
    visit(fields);
    auto finished = fields.finish();
    if (!finished.has_value() && !state_->problem.has_value()) {
      state_->problem = std::move(finished).error();
    }
  }
}

void RequestFields::require(std::string_view name) {
  if (state_->find(name) == nullptr) {
    state_->object_to(name, "'" + std::string{name} + "' is missing");
  }
}

std::string RequestFields::rest() {
  json::object rest;
  for (const auto& [name, value] : state_->object) {
    if (state_->known.emplace(name).second) {
      rest[name] = value;
    }
  }
  return json::serialize(rest);
}

std::expected<void, Problem> RequestFields::finish() {
  for (const auto& [name, ignored] : state_->object) {
    if (!state_->known.contains(std::string_view{name})) {
      state_->object_to(name, "there is no field '" + std::string{name} + "' here");
    }
  }
  std::optional<Problem> problem = std::move(state_->problem);
  if (!problem.has_value()) {
    return {};
  }
  return std::unexpected{*std::move(problem)};
}

}  // namespace directory
