// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/test_certificates.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A request as the scripted server got it.
struct RecordedRequest {
  std::string method;
  std::string target;
  std::string head;  ///< request line and header fields as they came
  std::string body;
  int connection = 0;  ///< counted from 0

  /// The value of a header field, by its name in lower case; empty if there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// How the scripted server answers one request.
struct ScriptedAnswer {
  std::string octets;          ///< the response as it goes out, head and body
  bool closes = false;         ///< closes the connection after it
  bool is_dribbled = false;    ///< sends each octet on its own
  bool ends_silently = false;  ///< with TLS: closes without saying so (no close_notify)
};

/// A response with a Content-Length. `headers` are whole lines, each with its CR LF.
[[nodiscard]] ScriptedAnswer answer(int status,
                                    std::string_view body,
                                    std::string_view headers = "");

/// An HTTP/1.1 server for tests on 127.0.0.1 that answers as it is told, one connection after the
/// other on a thread of its own. Everything is recorded.
class ScriptedHttpServer {
 public:
  using Script = std::function<ScriptedAnswer(const RecordedRequest&)>;

  /// Answers the requests in this order; when none is left, with 500.
  explicit ScriptedHttpServer(std::vector<ScriptedAnswer> answers);

  /// Answers by function, which runs on the server's thread.
  explicit ScriptedHttpServer(Script script, std::optional<Identity> tls = {});

  ScriptedHttpServer(const ScriptedHttpServer&) = delete;
  ScriptedHttpServer& operator=(const ScriptedHttpServer&) = delete;
  ScriptedHttpServer(ScriptedHttpServer&&) = delete;
  ScriptedHttpServer& operator=(ScriptedHttpServer&&) = delete;

  /// Ends the thread, whatever it waits for.
  ~ScriptedHttpServer();

  [[nodiscard]] std::uint16_t port() const;

  /// `http://127.0.0.1:PORT`, or https.
  [[nodiscard]] std::string origin() const;

  /// What came so far.
  [[nodiscard]] std::vector<RecordedRequest> requests() const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace tests
