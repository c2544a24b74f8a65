// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of this name, case-insensitively.
[[nodiscard]] std::optional<std::string_view> find_header(const HttpHeaders& headers,
                                                          std::string_view name);

struct HttpRequest {
  std::string method = "GET";
  Url url;
  HttpHeaders headers;  ///< besides Host, User-Agent, Content-Length and Connection
  std::string body;
  std::chrono::milliseconds timeout = std::chrono::seconds{60};  ///< for all of it
  std::size_t body_limit = std::size_t{64} * 1024 * 1024;        ///< of the response, in octets
};

struct HttpResponse {
  unsigned status = 0;
  HttpHeaders headers;
  std::string body;
};

/// An HTTP/1.1 client with keep-alive. Follows no redirect. TLS 1.2 or newer, certificates are
/// verified against the system's authorities (or `authorities`), with the host name.
///
/// To be used on one thread. A request that is under way when the client is destroyed ends
/// unanswered; its executor must not run on.
class HttpClient {
 public:
  struct Settings {
    /// A PEM file of authorities that are trusted instead of the system's; empty for the system's.
    std::filesystem::path authorities;
    std::string user_agent = "fromguard/" FROMGUARD_VERSION;
    std::size_t idle_connections = 8;  ///< kept open per origin
    std::chrono::milliseconds idle_time = std::chrono::seconds{50};
  };

  /// `kInvalidInput` if the file of authorities cannot be read.
  [[nodiscard]] static policy::Result<std::unique_ptr<HttpClient>> open(const Executor& executor,
                                                                        Settings settings);

  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  HttpClient(HttpClient&&) = delete;
  HttpClient& operator=(HttpClient&&) = delete;
  ~HttpClient();

  /// Sends the request and reads the response whole, whatever its status. A GET on a kept
  /// connection that the server has closed meanwhile is sent once more on a new one.
  ///
  /// Failures: `kUnavailable` for a name that does not resolve, a connection refused, reset or
  /// closed early, a response that is cut or no HTTP, time that is over; `kDenied` for a
  /// certificate that does not verify; `kInvalidInput` for a body over the limit. The text never
  /// holds headers, bodies or a query. Cancelling the coroutine closes the connection.
  [[nodiscard]] Task<policy::Result<HttpResponse>> send(HttpRequest request);

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace directory
