// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/client.h"
#include "directory/http/server.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

namespace directory {

/// Why a request is refused.
struct Problem {
  unsigned status = 400;
  std::string code;     ///< stable word: `invalid`, `not_found`, `conflict`, `exists`, `busy`, ...
  std::string detail;   ///< one sentence that names what stands against it
  std::string pointer;  ///< to the field at fault (RFC 6901); empty if none is
  HttpHeaders headers;  ///< more fields of the header: `Retry-After`, say
};

/// What an operation answers.
struct Answer {
  unsigned status = 200;
  std::string json;
  std::string location;  ///< of what was begun or made; empty if nothing was
  HttpHeaders headers;   ///< besides those that all answers have
  std::string content_type = "application/json";
  std::shared_ptr<BodyStream> stream;  ///< sent after `json`; null for most
};

using ApiResult = std::expected<Answer, Problem>;

/// A success, with where to find what was begun or made.
[[nodiscard]] Answer answer(std::string json, unsigned status = 200, std::string location = {});

/// Refuses with this status; `code` and `pointer` as in `Problem`.
[[nodiscard]] std::unexpected<Problem> refuse_with(unsigned status,
                                                   std::string code,
                                                   std::string detail,
                                                   std::string pointer = {});

/// The refusal that an error amounts to.
[[nodiscard]] std::unexpected<Problem> refuse(const policy::Error& error);

/// Refuses who has not said, or not rightly, who it is: 401.
[[nodiscard]] std::unexpected<Problem> refuse_credentials(std::string detail);

/// Refuses for so many seconds, which the answer says: 429.
[[nodiscard]] std::unexpected<Problem> refuse_for(std::int64_t seconds, std::string detail);

/// Refuses what is wrong in the request itself: 400, with a pointer to the field if there is one.
[[nodiscard]] std::unexpected<Problem> refuse_request(std::string detail, std::string pointer = {});

/// Refuses what the state of things stands against: 409.
[[nodiscard]] std::unexpected<Problem> refuse_conflict(std::string detail);

/// Refuses what is there already: 409.
[[nodiscard]] std::unexpected<Problem> refuse_existing(std::string detail);

[[nodiscard]] ServedResponse to_response(ApiResult result);

}  // namespace directory
