// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/records.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A mail of the daemon's, before it is written as octets.
struct PlainMail {
  std::string from;             ///< an address in plain ASCII
  std::vector<std::string> to;  ///< the same
  std::string subject;          ///< for people; may hold anything
  std::string text;             ///< the same, with line feeds
  std::string id;         ///< what its Message-ID is made of; the same however often it is sent
  std::int64_t time = 0;  ///< seconds since 1970
};

/// The message (RFC 5322): plain text in UTF-8, lines that end with CRLF and are short enough for
/// SMTP. What is invisible or could end a line of the header is shown as `visible_text` does.
[[nodiscard]] std::string compose_mail(const PlainMail& mail);

/// What notifications are mailed as: subject and text, each notification with its advice. `skipped`
/// were dropped undelivered before them.
struct MailText {
  std::string subject;
  std::string text;
};

[[nodiscard]] MailText notifications_mail(const std::vector<Notification>& notifications,
                                          std::uint64_t skipped);

}  // namespace directory
