// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/milter/listening_socket.h"
#include "gateway/milter/spare_descriptors.h"
#include "gateway/session/session.h"
#include "policy/event.h"
#include "policy/result.h"

#include <atomic>
#include <cstddef>

namespace gateway {

/// Serves MTAs through libmilter: turns its callbacks into calls of a `Session` and back. libmilter
/// has its state in the process, so there is one server at a time.
class MilterServer {
 public:
  /// All arguments outlive the server. Sessions beyond `most_connections` are served, but their
  /// messages are not judged (`Degradation::kConnections`).
  MilterServer(const ListeningSocket& socket,
               const SessionSettings& settings,
               SessionHost& host,
               const policy::EventLog& log,
               std::size_t most_connections);
  MilterServer(const MilterServer&) = delete;
  MilterServer& operator=(const MilterServer&) = delete;
  MilterServer(MilterServer&&) = delete;
  MilterServer& operator=(MilterServer&&) = delete;
  ~MilterServer();

  /// Registers with libmilter; call it before `run`.
  [[nodiscard]] policy::Result<void> prepare();

  /// Serves until `stop`; blocks. libmilter's threads run the sessions.
  [[nodiscard]] policy::Result<void> run();

  /// Makes `run` return as soon as every callback under way is done, after the socket has stopped
  /// accepting. Waits until `run` has begun. From any thread but those of `run`.
  void stop();

  /// Connections that are open.
  [[nodiscard]] std::size_t connections() const { return connections_; }

  /// Messages between their envelope sender and their end.
  [[nodiscard]] std::size_t messages_in_flight() const { return messages_in_flight_; }

  /// Has every session that has something to read served, where some wait at the end of their
  /// message: libmilter may have counted on one of their threads. For now and then; never waits.
  void relieve() const;

 private:
  friend class MilterConnection;
  friend class EndOfMessage;

  // Constant after construction.
  const ListeningSocket& socket_;
  const SessionSettings& settings_;
  SessionHost& host_;
  const policy::EventLog& log_;
  std::size_t most_connections_;
  SpareDescriptors spare_descriptors_;

  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> has_ended_{false};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> messages_in_flight_{0};
  std::atomic<std::size_t> ends_of_message_{0};  // that are being answered
};

}  // namespace gateway
