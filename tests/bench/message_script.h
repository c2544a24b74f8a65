// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// The octets of one SMTP client's session and of each of its messages, laid out for one answer of
/// a milter to the negotiation, so that nothing but the From line is put together while measuring.
///
/// Commands the milter does not answer are written together with the next one it answers, as
/// Postfix 3.7 does; ABORT of the last message goes out with the next one.
class MessageScript {
 public:
  /// What is written at once and answered once. The From field goes between the two parts of the
  /// step that `has_from`.
  struct Step {
    std::string before;
    std::string after;
    bool has_from = false;
  };

  /// How a message looks apart from its From field.
  struct Shape {
    std::size_t recipients = 1;
    std::size_t size_bytes = 4096;  ///< with its 15 header fields
  };

  MessageScript(const Negotiation& answer, const Shape& shape);

  /// CONNECT and HELO, as far as they are answered.
  [[nodiscard]] const std::vector<Step>& session_steps() const { return session_steps_; }

  /// What is written before the first message of a session: what of it was not answered.
  [[nodiscard]] const std::string& session_rest() const { return session_rest_; }

  /// From MAIL to the end of the message; a milter that decides earlier is sent no more.
  [[nodiscard]] const std::vector<Step>& message_steps() const { return message_steps_; }

  /// Appends `step` to `out`, with `from` as the value of the From field.
  void append(std::string& out, const Step& step, std::string_view from) const;

 private:
  void add(MtaDialogue::Answer answer, std::vector<Step>& steps);
  void add_headers(const Shape& shape);

  MtaDialogue dialogue_;
  Step current_;
  std::vector<Step> session_steps_;
  std::string session_rest_;
  std::vector<Step> message_steps_;
};

}  // namespace tests
