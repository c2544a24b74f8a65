// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/request_text.h"

#include "directory/http/client.h"
#include "directory/http/url.h"
#include "policy/result.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

bool has_line_break(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_method(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string host_header(const Origin& origin) {
  return text_of(origin).substr(origin.scheme.size() + std::string_view{"://"}.size());
}

}  // namespace

policy::Result<std::string> encode_request(const HttpRequest& request,
                                           std::string_view user_agent) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n",
                                 request.method,
                                 request.url.target(),
                                 host_header(request.url.origin()),
                                 user_agent);
  bool is_good = is_method(request.method);
  for (const auto& [name, value] : request.headers) {
    is_good = is_good && !name.empty() && !has_line_break(name) && !has_line_break(value);
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (!is_good) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "the request has a line break in its method or its headers");
  }
  if (!request.body.empty() || !may_repeat(request)) {
    text += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  text += "\r\n";
  text += request.body;
  return text;
}

bool may_repeat(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace directory
