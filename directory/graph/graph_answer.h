// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/http/client.h"
#include "directory/http/url.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// What was asked, as far as an answer is judged by it.
struct Asked {
  std::string method;
  std::string path;        ///< without the query, which may hold a token
  std::string permission;  ///< the one that it takes; may be empty
  Origin origin;           ///< of Graph
};

/// An answer of Graph, or what it means that there is none.
struct JudgedAnswer {
  GraphResult<GraphAnswer> result;
  bool may_work_later = false;
  std::optional<std::chrono::milliseconds> asked_for;  ///< the pause that the service asks for
};

/// Tells answers from failures. https://learn.microsoft.com/graph/errors
[[nodiscard]] JudgedAnswer judge_answer(HttpResponse response, const Asked& asked);

/// Judges that there was no response at all.
[[nodiscard]] JudgedAnswer judge_transport_failure(policy::Error error, const Asked& asked);

/// Whether the text is JSON of bearable depth.
[[nodiscard]] bool is_json(std::string_view text);

}  // namespace directory
