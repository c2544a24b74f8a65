// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/remembered_answers.h"

#include "directory/api/answer.h"
#include "directory/api/routes.h"
#include "policy/digest.h"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace directory {
namespace {

constexpr unsigned kBadRequest = 400;
constexpr unsigned kUnprocessable = 422;

bool is_visible_ascii(char c) {
  return c > ' ' && c < '\x7f';
}

std::string name_of(std::string_view key, const ApiRequest& request) {
  return std::to_string(static_cast<int>(request.principal.means)) + '\0' + request.principal.name +
         '\0' + std::string{key};
}

std::string digest_of(const Route& route, const ApiRequest& request) {
  policy::Sha256 digest;
  const auto add = [&](std::string_view part) {
    digest.update(std::to_string(part.size()) + ':');
    digest.update(part);
  };
  add(route.method);
  add(route.path);
  for (const std::string& capture : request.captures) {
    add(capture);
  }
  add(request.body);
  return digest.hex();
}

}  // namespace

std::expected<std::optional<Answer>, Problem> RememberedAnswers::find(std::string_view key,
                                                                      const Route& route,
                                                                      const ApiRequest& request,
                                                                      std::int64_t now) {
  if (key.empty() || key.size() > kLongestKey || !std::ranges::all_of(key, is_visible_ascii)) {
    return refuse_with(kBadRequest,
                       "invalid",
                       "Idempotency-Key takes 1 to 255 visible ASCII characters; a UUID, say");
  }
  forget_old(now);
  const auto known = answers_.find(name_of(key, request));
  if (known == answers_.end()) {
    return std::nullopt;
  }
  if (known->second.request != digest_of(route, request)) {
    return refuse_with(kUnprocessable,
                       "invalid",
                       "this Idempotency-Key came with another request "
                       "before; take a new one for each thing to be done");
  }
  return known->second.answer;
}

void RememberedAnswers::remember(std::string_view key,
                                 const Route& route,
                                 const ApiRequest& request,
                                 const Answer& answer,
                                 std::int64_t now) {
  const std::string name = name_of(key, request);
  answers_[name] = {
      .request = digest_of(route, request), .answer = answer, .until = now + kSeconds};
  oldest_first_.push_back(name);
  forget_old(now);
}

void RememberedAnswers::forget_old(std::int64_t now) {
  while (!oldest_first_.empty() &&
         (oldest_first_.size() > kMost || answers_.at(oldest_first_.front()).until <= now)) {
    answers_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
}

}  // namespace directory
