// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/stream_socket.h"

#include <chrono>
#include <string>
#include <string_view>

namespace directory {

/// A connection of a client that writes and reads octets. Reading gives up after ten seconds.
class OctetClient {
 public:
  /// Connects to an address as `tests::parse_milter_address` reads it.
  explicit OctetClient(const std::string& address);

  [[nodiscard]] bool is_connected() const { return is_connected_; }

  /// As much as the server takes before it closes.
  void send(std::string_view octets) const;

  /// What comes until `end`, or until the server closes.
  [[nodiscard]] std::string read_until(std::string_view end) const;

  /// What comes until the server closes.
  [[nodiscard]] std::string read_all() const { return read_until(""); }

  /// Whether something has come, or the end, within this time.
  [[nodiscard]] bool has_answer(std::chrono::milliseconds time) const;

  /// Sends no more.
  void end_sending() const;

  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  tests::Descriptor socket_;
  bool is_connected_ = false;
};

}  // namespace directory
