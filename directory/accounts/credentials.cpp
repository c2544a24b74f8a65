// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/credentials.h"

#include "directory/http/client.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same_word(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Adds the values that a Cookie field has for the session's cookie.
void add_cookies(std::string_view field, std::vector<std::string>& values) {
  while (!field.empty()) {
    const std::size_t end = std::min(field.find(';'), field.size());
    const std::string_view pair = trimmed(field.substr(0, end));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == kSessionCookie) {
      values.emplace_back(trimmed(pair.substr(equals + 1)));
    }
    field.remove_prefix(std::min(end + 1, field.size()));
  }
}

// Adds the token of an Authorization field, if it has one.
void add_bearer(std::string_view field, std::vector<std::string>& values) {
  field = trimmed(field);
  const std::size_t space = std::min(field.find(' '), field.size());
  if (is_same_word(field.substr(0, space), "bearer")) {
    values.emplace_back(trimmed(field.substr(space)));
  }
}

}  // namespace

Credentials find_credentials(const HttpHeaders& headers) {
  std::vector<std::string> cookies;
  std::vector<std::string> bearers;
  for (const auto& [name, value] : headers) {
    if (is_same_word(name, "cookie")) {
      add_cookies(value, cookies);
    } else if (is_same_word(name, "authorization")) {
      add_bearer(value, bearers);
    }
  }
  Credentials found;
  if (cookies.size() > 1) {
    found.refused_for = "the request has the session's cookie more than once";
  } else if (bearers.size() > 1) {
    found.refused_for = "the request has more than one bearer token";
  } else if (!cookies.empty() && !bearers.empty()) {
    found.refused_for = "the request has both a session's cookie and a bearer token; send one";
  } else if (!cookies.empty()) {
    found.cookie = cookies.front();
  } else if (!bearers.empty()) {
    found.bearer = bearers.front();
  }
  return found;
}

std::string session_cookie(std::string_view secret) {
  return std::string{kSessionCookie} + "=" + std::string{secret} + std::string{kAttributes};
}

std::string no_session_cookie() {
  return session_cookie("") + "; Max-Age=0";
}

}  // namespace directory
