// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mta_dialogue.h"

#include "tests/support/milter_protocol.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct MtaDialogue::Event {
  Command command;
  MacroStage stage;
  std::uint32_t declined;  ///< the step by which a milter declines the command
  std::uint32_t silent;    ///< the step by which it declines to answer
  bool macros_regardless;  ///< Postfix sends the macros of the envelope even when declined

  static const Event kConnect;
  static const Event kHelo;
  static const Event kMail;
  static const Event kRcpt;
  static const Event kData;
  static const Event kHeader;
  static const Event kEndOfHeaders;
  static const Event kBody;
  static const Event kEndOfMessage;
};

constexpr MtaDialogue::Event MtaDialogue::Event::kConnect{.command = Command::kConnect,
                                                          .stage = MacroStage::kConnect,
                                                          .declined = kStepNoConnect,
                                                          .silent = kStepSilentConnect,
                                                          .macros_regardless = true};
constexpr MtaDialogue::Event MtaDialogue::Event::kHelo{.command = Command::kHelo,
                                                       .stage = MacroStage::kHelo,
                                                       .declined = kStepNoHelo,
                                                       .silent = kStepSilentHelo,
                                                       .macros_regardless = true};
constexpr MtaDialogue::Event MtaDialogue::Event::kMail{.command = Command::kMail,
                                                       .stage = MacroStage::kMail,
                                                       .declined = kStepNoMail,
                                                       .silent = kStepSilentMail,
                                                       .macros_regardless = true};
constexpr MtaDialogue::Event MtaDialogue::Event::kRcpt{.command = Command::kRcpt,
                                                       .stage = MacroStage::kRcpt,
                                                       .declined = kStepNoRcpt,
                                                       .silent = kStepSilentRcpt,
                                                       .macros_regardless = true};
constexpr MtaDialogue::Event MtaDialogue::Event::kData{.command = Command::kData,
                                                       .stage = MacroStage::kData,
                                                       .declined = kStepNoData,
                                                       .silent = kStepSilentData,
                                                       .macros_regardless = true};
constexpr MtaDialogue::Event MtaDialogue::Event::kHeader{.command = Command::kHeader,
                                                         .stage = MacroStage::kEndOfHeaders,
                                                         .declined = kStepNoHeaders,
                                                         .silent = kStepSilentHeader,
                                                         .macros_regardless = false};
constexpr MtaDialogue::Event MtaDialogue::Event::kEndOfHeaders{.command = Command::kEndOfHeaders,
                                                               .stage = MacroStage::kEndOfHeaders,
                                                               .declined = kStepNoEndOfHeaders,
                                                               .silent = kStepSilentEndOfHeaders,
                                                               .macros_regardless = false};
constexpr MtaDialogue::Event MtaDialogue::Event::kBody{.command = Command::kBody,
                                                       .stage = MacroStage::kEndOfMessage,
                                                       .declined = kStepNoBody,
                                                       .silent = kStepSilentBody,
                                                       .macros_regardless = false};
constexpr MtaDialogue::Event MtaDialogue::Event::kEndOfMessage{.command = Command::kEndOfMessage,
                                                               .stage = MacroStage::kEndOfMessage,
                                                               .declined = 0,
                                                               .silent = 0,
                                                               .macros_regardless = false};

MtaDialogue::MtaDialogue()
    : wanted_{{MacroStage::kConnect, {"j", "{daemon_name}", "{daemon_addr}", "v", "_"}},
              {MacroStage::kHelo, {"{tls_version}", "{cipher}", "{cipher_bits}"}},
              {MacroStage::kMail,
               {"i",
                "{auth_type}",
                "{auth_authen}",
                "{auth_author}",
                "{mail_addr}",
                "{mail_host}",
                "{mail_mailer}"}},
              {MacroStage::kRcpt, {"i", "{rcpt_addr}", "{rcpt_host}", "{rcpt_mailer}"}},
              {MacroStage::kData, {"i"}},
              {MacroStage::kEndOfMessage, {"i"}},
              {MacroStage::kEndOfHeaders, {"i"}}} {}

void MtaDialogue::agree(const Negotiation& answer) {
  steps_ = answer.steps;
  for (const auto& [stage, names] : answer.macros) {
    wanted_[stage] = names;
  }
}

void MtaDialogue::define_macro(std::string_view name, std::string_view value) {
  if (value.empty()) {
    macros_.erase(std::string{name});
  } else {
    macros_.insert_or_assign(std::string{name}, std::string{value});
  }
}

void MtaDialogue::append_macros(std::string& out, const Event& event) const {
  std::string data(1, static_cast<char>(event.command));
  static const std::vector<std::string> no_names;
  const auto wanted = wanted_.find(event.stage);
  for (const std::string& name : wanted == wanted_.end() ? no_names : wanted->second) {
    if (const auto macro = macros_.find(name); macro != macros_.end()) {
      append_text(data, name);
      append_text(data, macro->second);
    }
  }
  append_packet(out, static_cast<char>(Command::kMacros), data);
}

MtaDialogue::Answer MtaDialogue::append(std::string& out,
                                        const Event& event,
                                        std::string_view data) const {
  const bool declined = (steps_ & event.declined) != 0;
  if (!declined || event.macros_regardless) {
    append_macros(out, event);
  }
  if (declined) {
    return Answer::kNone;
  }
  append_packet(out, static_cast<char>(event.command), data);
  return (steps_ & event.silent) != 0 ? Answer::kNone : Answer::kExpected;
}

MtaDialogue::Answer MtaDialogue::connect(std::string& out, const SmtpClient& client) const {
  std::string data;
  append_text(data, client.host_name);
  if (client.address.empty()) {
    data += 'U';
  } else {
    data += client.address.find(':') == std::string::npos ? '4' : '6';
    data += static_cast<char>(client.port >> 8U);
    data += static_cast<char>(client.port & 0xFFU);
    append_text(data, client.address);
  }
  return append(out, Event::kConnect, data);
}

MtaDialogue::Answer MtaDialogue::helo(std::string& out, std::string_view name) const {
  std::string data;
  append_text(data, name);
  return append(out, Event::kHelo, data);
}

MtaDialogue::Answer MtaDialogue::mail(std::string& out,
                                      std::span<const std::string> arguments) const {
  std::string data;
  for (const std::string& argument : arguments) {
    append_text(data, argument);
  }
  return append(out, Event::kMail, data);
}

MtaDialogue::Answer MtaDialogue::rcpt(std::string& out,
                                      std::span<const std::string> arguments) const {
  std::string data;
  for (const std::string& argument : arguments) {
    append_text(data, argument);
  }
  return append(out, Event::kRcpt, data);
}

MtaDialogue::Answer MtaDialogue::data(std::string& out) const {
  return append(out, Event::kData, {});
}

MtaDialogue::Answer MtaDialogue::header(std::string& out,
                                        std::string_view name,
                                        std::string_view value) const {
  std::string data;
  append_text(data, name);
  if ((steps_ & kStepLeadingSpace) != 0) {
    data += ' ';
  }
  append_text(data, value);
  return append(out, Event::kHeader, data);
}

MtaDialogue::Answer MtaDialogue::end_of_headers(std::string& out) const {
  return append(out, Event::kEndOfHeaders, {});
}

MtaDialogue::Answer MtaDialogue::body(std::string& out, std::string_view chunk) const {
  return append(out, Event::kBody, chunk);
}

MtaDialogue::Answer MtaDialogue::end_of_message(std::string& out,
                                                std::string_view last_chunk) const {
  const bool has_body = (steps_ & kStepNoBody) == 0;
  return append(out, Event::kEndOfMessage, has_body ? last_chunk : std::string_view{});
}

MtaDialogue::Answer MtaDialogue::unknown(std::string& out, std::string_view command) const {
  if ((steps_ & kStepNoUnknown) != 0) {
    return Answer::kNone;
  }
  // An unknown command has no macros of its own.
  std::string data;
  append_text(data, command);
  append_packet(out, static_cast<char>(Command::kUnknown), data);
  return (steps_ & kStepSilentUnknown) != 0 ? Answer::kNone : Answer::kExpected;
}

}  // namespace tests
