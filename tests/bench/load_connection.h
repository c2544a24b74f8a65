// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "tests/bench/load_loop.h"
#include "tests/bench/message_script.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/stream_socket.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tests {

/// The script all connections of a loop share: a milter answers each negotiation alike.
class SharedScript {
 public:
  explicit SharedScript(MessageScript::Shape shape) : shape_(shape) {}

  /// The script for this answer. kInvalidInput if it differs from the first one.
  [[nodiscard]] policy::Result<const MessageScript*> agree(const std::string& answer);

 private:
  MessageScript::Shape shape_;
  std::string answer_;
  std::optional<MessageScript> script_;
};

/// One non-blocking connection to the milter: negotiation, session, one message after the other.
/// Its owner polls it and tells it what is ready.
class LoadConnection {
 public:
  using Clock = std::chrono::steady_clock;

  enum class State { kClosed, kConnecting, kNegotiating, kSession, kIdle, kBusy };

  explicit LoadConnection(SharedScript& scripts) : scripts_(&scripts) {}

  /// Starts to connect and adds itself to the poll set with `tag`. A unix socket whose queue is
  /// full is kBusy: try later.
  [[nodiscard]] policy::Result<void> open(const SocketAddress& milter,
                                          int epoll,
                                          std::uint64_t tag);

  /// Goes on with what epoll reports.
  [[nodiscard]] policy::Result<void> on_events(std::uint32_t events);

  /// Sends a message; the connection must be idle. `due` is where its latency is counted from.
  [[nodiscard]] policy::Result<void> begin(std::string_view from, Clock::time_point due);

  /// Ends the session and the connection.
  void close();

  [[nodiscard]] State state() const { return state_; }

  [[nodiscard]] std::size_t messages() const { return messages_; }

  [[nodiscard]] Clock::time_point due() const { return due_; }

  /// How the last message was decided; the connection is idle.
  [[nodiscard]] const Reply& decision() const { return reply_; }

 private:
  policy::Result<void> on_connected();
  policy::Result<void> on_packet(const Packet& packet);
  policy::Result<void> on_reply();
  policy::Result<void> next_session_step();
  policy::Result<void> next_message_step();
  policy::Result<void> read();
  policy::Result<void> write();
  policy::Result<void> poll_for(std::uint32_t events);

  SharedScript* scripts_;
  const MessageScript* script_ = nullptr;
  Descriptor stream_;
  int epoll_ = -1;
  std::uint64_t tag_ = 0;
  std::uint32_t polled_ = 0;
  State state_ = State::kClosed;
  PacketReader packets_;
  std::string out_;
  std::size_t written_ = 0;
  std::size_t step_ = 0;
  std::string_view from_;
  Clock::time_point due_;
  Reply reply_;
  std::size_t messages_ = 0;
};

}  // namespace tests
