// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_session.h"

#include "directory/http/unix_client.h"
#include "directory/http/url.h"
#include "directory/settings.h"
#include "policy/exit_status.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

constexpr unsigned kFirstRefusal = 300;
constexpr unsigned kInternalError = 500;

ExitStatus status_of(unsigned status, std::string_view code) {
  if (code == "exists") {
    return ExitStatus::kCannotCreate;
  }
  if (code == "busy") {
    return ExitStatus::kTemporary;
  }
  if (code == "denied") {
    return ExitStatus::kDenied;
  }
  if (code == "not_found") {
    return ExitStatus::kNoInput;
  }
  if (code == "unavailable") {
    return ExitStatus::kUnavailable;
  }
  return status >= kInternalError ? ExitStatus::kInternal : ExitStatus::kBadData;
}

std::string text_of(const json::value& value, std::string_view name) {
  const json::object* object = value.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : "";
}

}  // namespace

std::string AdminOptions::value(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() || found->second.empty() ? "" : found->second.front();
}

AdminSession::AdminSession(const Settings& settings, std::filesystem::path config)
    : settings_(&settings), config_(std::move(config)), client_(settings.api.socket) {}

std::optional<std::string> AdminSession::get(const std::string& target) {
  return send("GET", target);
}

std::optional<std::string> AdminSession::send(const std::string& method,
                                              const std::string& target,
                                              const std::string& body) {
  auto response = client_.send({.method = method, .target = target, .body = body});
  if (!response.has_value() && response.error().code == policy::ErrorCode::kDenied) {
    fail(ExitStatus::kDenied,
         settings_->api.socket.string() + ": " + response.error().message +
             "; root, the daemon's user and members of the group fromguard may use it");
    return std::nullopt;
  }
  if (!response.has_value()) {
    fail(ExitStatus::kUnavailable,
         "fromguard-directory does not answer on " + settings_->api.socket.string() +
             "; start it: fromguard-directory run --config " + config_.string());
    return std::nullopt;
  }
  if (response->status >= kFirstRefusal) {
    refuse(response->status, response->body);
    return std::nullopt;
  }
  return std::move(response->body);
}

void AdminSession::refuse(unsigned status, const std::string& body) {
  boost::system::error_code error;
  const json::value problem = json::parse(body, error);
  const std::string detail = error ? "" : text_of(problem, "detail");
  refused_field_ = error ? "" : text_of(problem, "pointer");
  fail(status_of(status, error ? "" : text_of(problem, "code")),
       detail.empty() ? fmt::format("the daemon answers with status {}", status) : detail);
}

void AdminSession::fail(policy::ExitStatus status, const std::string& text) {
  status_ = status;
  fmt::print(stderr, "fromguard-directory: {}\n", policy::visible_text(text));
}

std::string api_path(const std::vector<std::string>& parts) {
  std::string path = "/api/v1";
  for (const std::string& part : parts) {
    path += "/" + percent_encoded(part);
  }
  return path;
}

std::string with_parameter(std::string target, std::string_view key, std::string_view value) {
  target += target.contains('?') ? '&' : '?';
  return target.append(key).append("=").append(percent_encoded(value));
}

std::string with_options(std::string target,
                         const AdminOptions& options,
                         std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (options.has(name)) {
      target = with_parameter(std::move(target), name, options.value(name));
    }
  }
  return target;
}

std::string with_options(std::string target,
                         const AdminOptions& options,
                         std::initializer_list<std::string_view> names) {
  return with_options(std::move(target), options, std::span{names.begin(), names.size()});
}

}  // namespace directory
