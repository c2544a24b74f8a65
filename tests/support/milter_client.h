// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"
#include "tests/support/stream_socket.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tests {

/// A blocking MTA's side of the milter protocol over one connection. It honours what the milter
/// declined as Postfix does: no packet for a declined command (its macros still go out), no wait
/// where the milter does not answer. Commands without an answer are written together with the next
/// one that has an answer, or by `flush`.
///
/// No call waits longer than the patience given; one that does is kUnavailable, and so is a peer
/// that closes in the middle. After an error the connection is of no further use.
class MilterClient {
 public:
  [[nodiscard]] static policy::Result<MilterClient> open(
      std::string_view address, std::chrono::milliseconds patience = std::chrono::seconds{10});

  /// Offers, and follows the answer from then on. kInvalidInput if the milter asks for more than
  /// was offered.
  [[nodiscard]] policy::Result<Negotiation> negotiate(const Negotiation& offer = {});

  /// Sent from now on at the stages where the milter (or Postfix) wants it.
  void define_macro(std::string_view name, std::string_view value);

  [[nodiscard]] policy::Result<Reply> connect(const SmtpClient& client);
  [[nodiscard]] policy::Result<Reply> helo(std::string_view name);
  /// The address comes first, with its angle brackets; ESMTP arguments follow.
  [[nodiscard]] policy::Result<Reply> mail(std::span<const std::string> arguments);
  [[nodiscard]] policy::Result<Reply> rcpt(std::span<const std::string> arguments);
  [[nodiscard]] policy::Result<Reply> data();
  [[nodiscard]] policy::Result<Reply> header(std::string_view name, std::string_view value);
  [[nodiscard]] policy::Result<Reply> end_of_headers();
  [[nodiscard]] policy::Result<Reply> body(std::string_view chunk);
  [[nodiscard]] policy::Result<Reply> end_of_message(std::string_view last_chunk = {});
  [[nodiscard]] policy::Result<Reply> unknown(std::string_view command);

  /// A whole message, from MAIL to the answer that decides it, then ABORT as Postfix sends it after
  /// each message. A refused recipient is left out; the message ends when all are refused.
  [[nodiscard]] policy::Result<Reply> deliver(const Message& message);

  [[nodiscard]] policy::Result<void> abort();
  [[nodiscard]] policy::Result<void> quit();
  /// QUIT of this SMTP client; CONNECT of the next one follows on the same connection.
  [[nodiscard]] policy::Result<void> quit_for_next_client();

  /// Writes the commands that wait for the next one with an answer.
  [[nodiscard]] policy::Result<void> flush();

  /// From now on writes at most `octets` more, then closes both directions; the call that would
  /// write more is kUnavailable.
  void cut_after(std::size_t octets) { allowance_ = octets; }

  /// Writes anything at all.
  [[nodiscard]] policy::Result<void> send_raw(std::string_view bytes);

  /// Says that nothing more comes, and waits until the milter has done all that was sent and
  /// closed.
  void hang_up();

  /// Waits for the next packet, whatever it is. kNotFound: the milter closed the connection.
  [[nodiscard]] policy::Result<Packet> read_packet();

 private:
  MilterClient(Descriptor stream, std::chrono::milliseconds patience);

  policy::Result<Reply> ask(Command command, MtaDialogue::Answer answer);
  policy::Result<void> send_command(Command command);
  policy::Result<std::optional<Reply>> send_envelope(const Message& message);
  policy::Result<std::optional<Reply>> send_recipients(const Message& message);
  policy::Result<std::optional<Reply>> send_headers(const Message& message);
  policy::Result<Reply> send_body(const Message& message);
  policy::Result<Reply> send_message(const Message& message);
  [[nodiscard]] policy::Result<void> wait_for(short events,
                                              std::chrono::steady_clock::time_point deadline) const;

  Descriptor stream_;
  std::chrono::milliseconds patience_;
  MtaDialogue dialogue_;
  PacketReader packets_;
  std::string pending_;
  std::optional<std::size_t> allowance_;
};

}  // namespace tests
