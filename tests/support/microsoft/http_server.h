// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "tests/support/microsoft/message.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace tests::microsoft {

/// Serves HTTP/1.1 on three loopback ports, one a service, on a thread of its own.
class HttpServer {
 public:
  struct Settings {
    std::array<std::uint16_t, 3> ports{};  ///< in the order of Service; 0 takes a free one
    std::filesystem::path certificate;     ///< PEM; with it and the key, TLS is spoken
    std::filesystem::path key;
  };

  using Handler = std::function<Response(const Request& request)>;

  /// Listens; nothing is accepted before `run`. `kBusy` if a port is in use, `kInvalidInput` for a
  /// certificate or key that cannot be read.
  [[nodiscard]] static policy::Result<std::unique_ptr<HttpServer>> listen(const Settings& settings);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;

  /// Closes everything and ends the thread.
  ~HttpServer();

  [[nodiscard]] std::uint16_t port(Service service) const;

  /// Starts the thread, which calls `handler` for each request.
  void run(Handler handler);

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace tests::microsoft
