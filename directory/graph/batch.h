// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/graph_client.h"
#include "directory/http/client.h"
#include "policy/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// How many requests Graph takes in one `$batch`.
inline constexpr std::size_t kBatchSize = 20;

/// The body of a `$batch` with those of `requests` that `chosen` names; the place in `requests` is
/// the id. https://learn.microsoft.com/graph/json-batching
[[nodiscard]] std::string encode_batch(const std::vector<BatchRequest>& requests,
                                       std::span<const std::size_t> chosen);

/// Responses with their ids.
using BatchResponses = std::vector<std::pair<std::size_t, HttpResponse>>;

/// The responses in the body of an answer, with their ids, in the order they came. Those that
/// cannot be read are left out. A body that is no JSON (base64 in the answer) is given as the JSON
/// it holds, or as a JSON string. `kInvalidInput` if the body is no answer to a `$batch`.
[[nodiscard]] policy::Result<BatchResponses> decode_batch(std::string_view body);

}  // namespace directory
