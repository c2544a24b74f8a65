// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/milter_protocol.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// The SMTP client the MTA tells the milter about.
struct SmtpClient {
  std::string host_name = "client.example";
  std::string address = "192.0.2.1";  ///< IPv4 or IPv6; empty: the MTA does not know it
  std::uint16_t port = 40000;
};

/// A message as the MTA has it.
struct Message {
  std::string sender = "<sender@client.example>";
  std::vector<std::string> recipients{"<rcpt@contoso.com>"};
  /// Name and value; a value has no space after the colon, and folds as "\n ".
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// The MTA's half of the protocol without I/O, as Postfix 3.7 writes it. Each function appends the
/// packets of one command: its macros (those the milter wants and that are defined), also before a
/// declined command of the envelope, and the command itself unless the milter declined it.
class MtaDialogue {
 public:
  /// Whether the milter answers what was appended.
  enum class Answer { kNone, kExpected };

  /// What is assumed before a negotiation: nothing declined, Postfix's own lists of macros.
  MtaDialogue();

  /// Follows what the milter answered from now on.
  void agree(const Negotiation& answer);

  /// Gives a macro its value; `name` as sent: `i`, `{auth_authen}`. An empty value undefines it.
  void define_macro(std::string_view name, std::string_view value);

  [[nodiscard]] Answer connect(std::string& out, const SmtpClient& client) const;
  [[nodiscard]] Answer helo(std::string& out, std::string_view name) const;
  [[nodiscard]] Answer mail(std::string& out, std::span<const std::string> arguments) const;
  [[nodiscard]] Answer rcpt(std::string& out, std::span<const std::string> arguments) const;
  [[nodiscard]] Answer data(std::string& out) const;
  [[nodiscard]] Answer header(std::string& out,
                              std::string_view name,
                              std::string_view value) const;
  [[nodiscard]] Answer end_of_headers(std::string& out) const;
  /// At most 65,535 octets.
  [[nodiscard]] Answer body(std::string& out, std::string_view chunk) const;
  /// The last chunk travels with the end, unless the milter declined the body.
  [[nodiscard]] Answer end_of_message(std::string& out, std::string_view last_chunk) const;
  [[nodiscard]] Answer unknown(std::string& out, std::string_view command) const;

 private:
  struct Event;

  [[nodiscard]] Answer append(std::string& out, const Event& event, std::string_view data) const;
  void append_macros(std::string& out, const Event& event) const;

  std::uint32_t steps_ = 0;
  std::map<MacroStage, std::vector<std::string>> wanted_;
  std::map<std::string, std::string, std::less<>> macros_;
};

}  // namespace tests
