// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/event.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace directory {

/// A request to Microsoft Graph. `target` is a path below the version root (`/users/delta?...`) or
/// a link that Graph gave, which must lead to the configured origin.
struct GraphRequest {
  std::string method = "GET";
  std::string target;
  std::string body;     ///< JSON; empty for none
  HttpHeaders headers;  ///< besides Authorization, Accept, client-request-id
  /// The permission that it takes (`User.Read.All`), to be named when it is refused; may be empty.
  std::string permission;
};

struct GraphAnswer {
  unsigned status = 0;
  std::string body;  ///< valid JSON, or empty (204)
};

/// How many answers there were of each HTTP status; 0 stands for no answer.
using GraphAnswerCounts = std::map<unsigned, std::uint64_t>;

/// One of a `$batch`.
struct BatchRequest {
  std::string method = "GET";
  std::string target;      ///< relative to the version root, begins with a slash
  std::string body;        ///< JSON; empty for none
  HttpHeaders headers;     ///< besides Content-Type
  std::string permission;  ///< as of `GraphRequest`
};

/// Speaks to Graph v1.0: token, retries, throttling, links, batches. The retries of one request are
/// bounded in number and time.
class GraphClient {
 public:
  struct Settings {
    int most_attempts = 8;
    std::chrono::milliseconds first_pause =
        std::chrono::seconds{1};  ///< doubled each time, with jitter
    std::chrono::milliseconds longest_pause = std::chrono::minutes{5};  ///< Retry-After too
    std::chrono::milliseconds request_timeout = std::chrono::seconds{60};
  };

  /// All must outlive the client.
  GraphClient(TokenSource& tokens,
              HttpClient& http,
              const policy::EventLog& log,
              Settings settings);
  GraphClient(const GraphClient&) = delete;
  GraphClient& operator=(const GraphClient&) = delete;
  GraphClient(GraphClient&&) = delete;
  GraphClient& operator=(GraphClient&&) = delete;
  ~GraphClient();

  /// Sends the request until it gets a final answer. 2xx is an answer; everything else a failure.
  /// 429, 503, 5xx, a broken connection and a 200 that is no JSON are retried; 401 gets one new
  /// token. Retry-After (seconds, also fractional) is honoured. What changes something may reach
  /// the service twice, when the answer to the first is lost.
  [[nodiscard]] Task<GraphResult<GraphAnswer>> send(GraphRequest request);

  /// Sends any number of requests in batches of 20 and gives their results in order. Those that are
  /// throttled are sent again. `headers` go with each batch itself, besides those of its requests.
  [[nodiscard]] Task<GraphResult<std::vector<GraphResult<GraphAnswer>>>> send_batch(
      std::vector<BatchRequest> requests, HttpHeaders headers = {});

  /// Whether a link may be followed, and so be kept: `kForeignLink` if it leads to another origin.
  [[nodiscard]] GraphResult<void> check_link(const std::string& link) const;

  /// How many HTTP requests went out, repeated ones included.
  [[nodiscard]] std::uint64_t requests_sent() const;

  /// The answers to all requests so far by status, those of batches one by one; 0: no answer.
  [[nodiscard]] const GraphAnswerCounts& answers() const;

  /// The token in use, for its roles.
  [[nodiscard]] TokenSource& tokens();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory
