// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"
#include "directory/http/wire.h"
#include "directory/task.h"

#include <memory>
#include <optional>
#include <string>

namespace directory {

class ConnectionTable;

/// One connection of a server.
class Connection {
 public:
  struct Settings {
    Wire::Settings wire;
    std::optional<PeerCredentials> peer;
    std::string client_address;
    const HttpHandler* handler = nullptr;  ///< must outlive the connection
    ConnectionTable* table = nullptr;      ///< where it says what it does; must outlive it too
    HttpLimits limits;
  };

  Connection(const Executor& executor, Settings settings);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// Serves requests until either side closes. The connection must live until then.
  [[nodiscard]] Task<void> serve();

  /// Closes it, whatever it is doing; its stream is cancelled.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace directory
