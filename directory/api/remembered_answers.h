// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/routes.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// What came of requests with an Idempotency-Key, so that one that is sent again, because its
/// answer was lost, does not begin the work again
/// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/). Kept for a day,
/// the last thousand, and no longer than the process: so are the jobs they began.
class RememberedAnswers {
 public:
  static constexpr std::size_t kMost = 1000;
  static constexpr std::int64_t kSeconds = 86'400;
  static constexpr std::size_t kLongestKey = 255;

  /// The answer that the same request got; nothing if it is new. 422 if the key came with another
  /// request, 400 if it is no key. `now` in seconds since 1970.
  [[nodiscard]] std::expected<std::optional<Answer>, Problem> find(std::string_view key,
                                                                   const Route& route,
                                                                   const ApiRequest& request,
                                                                   std::int64_t now);

  void remember(std::string_view key,
                const Route& route,
                const ApiRequest& request,
                const Answer& answer,
                std::int64_t now);

 private:
  struct Remembered {
    std::string request;  // a digest
    Answer answer;
    std::int64_t until = 0;
  };

  void forget_old(std::int64_t now);

  std::map<std::string, Remembered, std::less<>> answers_;  // by who asked and the key
  std::deque<std::string> oldest_first_;
};

}  // namespace directory
