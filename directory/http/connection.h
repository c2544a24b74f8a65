// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"
#include "directory/task.h"

#include <memory>
#include <optional>

namespace directory {

/// One connection of a server: a connected stream socket.
class Connection {
 public:
  struct Settings {
    int family = 0;      ///< of the socket
    int descriptor = 0;  ///< the connection's from now on
    std::optional<PeerCredentials> peer;
    const HttpHandler* handler = nullptr;  ///< must outlive the connection
    HttpLimits limits;
  };

  Connection(const Executor& executor, const Settings& settings);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// Serves requests until either side closes. The connection must live until then.
  [[nodiscard]] Task<void> serve();

  /// Closes it, whatever it is doing.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace directory
