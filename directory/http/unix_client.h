// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <memory>
#include <string>

namespace directory {

/// Asks an HTTP server on a Unix socket and waits for the answer, however long that takes. Opens
/// its connection when it is first asked and keeps it.
class UnixClient {
 public:
  struct Request {
    std::string method = "GET";
    std::string target;  ///< path and query, percent-encoded
    std::string body;    ///< JSON; empty for none
  };

  struct Response {
    unsigned status = 0;
    std::string body;
  };

  explicit UnixClient(std::filesystem::path socket);
  UnixClient(const UnixClient&) = delete;
  UnixClient& operator=(const UnixClient&) = delete;
  UnixClient(UnixClient&&) = delete;
  UnixClient& operator=(UnixClient&&) = delete;
  ~UnixClient();

  /// `kUnavailable` if nobody listens or the connection ends early, `kDenied` if the socket may not
  /// be used. The messages do not name the socket.
  [[nodiscard]] policy::Result<Response> send(const Request& request);

 private:
  struct State;
  std::filesystem::path path_;
  std::unique_ptr<State> state_;
};

}  // namespace directory
