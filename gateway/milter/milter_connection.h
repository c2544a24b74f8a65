// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/milter/milter_server.h"
#include "gateway/session/session.h"

#include <exception>
#include <string_view>

namespace gateway {

/// One connection as libmilter's callbacks see it: the session, and what must be counted and
/// remembered around it. Used by one thread at a time.
class MilterConnection {
 public:
  /// `protocol_steps` are the negotiated SMFIP_* flags.
  MilterConnection(MilterServer& server, unsigned long protocol_steps);
  MilterConnection(const MilterConnection&) = delete;
  MilterConnection& operator=(const MilterConnection&) = delete;
  MilterConnection(MilterConnection&&) = delete;
  MilterConnection& operator=(MilterConnection&&) = delete;
  ~MilterConnection();

  [[nodiscard]] Session& session() { return session_; }

  /// Whether this flag was negotiated.
  [[nodiscard]] bool has_step(unsigned long step_flag) const {
    return (protocol_steps_ & step_flag) != 0;
  }

  /// Hands a field on as the session wants it: with the space after the colon, which MTAs that do
  /// not know better drop.
  void on_header(std::string_view name, std::string_view value);

  /// A message begins or ends; both may be told twice.
  void message_begins();
  void message_ends();

  /// The server it is of.
  [[nodiscard]] MilterServer& server() { return server_; }

  /// A callback threw: the message counts as not judged.
  void fail(const std::exception& error) noexcept;

 private:
  MilterServer& server_;
  unsigned long protocol_steps_;
  Session session_;
  bool is_over_limit_;
  bool is_in_message_ = false;
};

}  // namespace gateway
