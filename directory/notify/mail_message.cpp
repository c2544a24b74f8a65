// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/mail_message.h"

#include "directory/notify/payload.h"
#include "directory/store/records.h"
#include "policy/base64.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

constexpr std::size_t kLineOctets = 76;
constexpr std::size_t kWordOctets = 42;  // of UTF-8 in one encoded word of at most 75 octets
constexpr std::size_t kMostSubject = 150;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '\n' && c < '\x7f'; });
}

bool begins_character(char octet) {
  constexpr unsigned kContinuationMask = 0xc0;
  constexpr unsigned kContinuation = 0x80;
  return (static_cast<unsigned char>(octet) & kContinuationMask) != kContinuation;
}

// The first octets of UTF-8, so many at most, without a character cut in two.
std::string_view beginning_of(std::string_view text, std::size_t most) {
  if (text.size() <= most) {
    return text;
  }
  while (most > 0 && !begins_character(text[most])) {
    --most;
  }
  return text.substr(0, most);
}

// Encoded words (RFC 2047) where the text is not plain ASCII, or looks like some.
std::string header_text(const std::string& text) {
  if (is_ascii(text) && text.find("=?") == std::string::npos && text.size() < kLineOctets - 10) {
    return text;
  }
  std::string words;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view piece = beginning_of(rest, kWordOctets);
    words +=
        fmt::format("{}=?utf-8?B?{}?=", words.empty() ? "" : "\r\n ", policy::encode_base64(piece));
    rest.remove_prefix(piece.size());
  }
  return words;
}

// The body as base64 in lines: it stands every way of mail.
std::string encoded_body(const std::string& text) {
  const std::string encoded = policy::encode_base64(text);
  std::string body;
  for (std::size_t at = 0; at < encoded.size(); at += kLineOctets) {
    body += encoded.substr(at, kLineOctets) + "\r\n";
  }
  return body;
}

std::string with_crlf(const std::string& text) {
  std::string lines;
  for (const char octet : text) {
    lines += octet == '\n' ? "\r\n" : std::string{octet};
  }
  return lines;
}

bool has_long_lines(std::string_view text) {
  constexpr std::size_t kMost = 900;
  std::size_t length = 0;
  std::size_t longest = 0;
  for (const char octet : text) {
    length = octet == '\n' ? 0 : length + 1;
    longest = std::max(longest, length);
  }
  return longest > kMost;
}

// What the text shows of the daemon's own words and others'; lines stay lines.
std::string visible_lines(const std::string& text) {
  std::string shown;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    shown += policy::visible_text(std::string_view{text}.substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return shown;
}

std::string place_of(const Notification& notification) {
  if (notification.organization.empty()) {
    return "";
  }
  return notification.directory.empty()
             ? notification.organization + ": "
             : fmt::format("{}/{}: ", notification.organization, notification.directory);
}

}  // namespace

std::string compose_mail(const PlainMail& mail) {
  const std::string subject =
      std::string{beginning_of(policy::visible_text(mail.subject), kMostSubject)};
  const std::string text = with_crlf(visible_lines(mail.text));
  const bool is_plain = is_ascii(text) && !has_long_lines(text);
  // Each recipient on a line of its own: a line has its bounds.
  return fmt::format(
      "Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\n"
      "From: fromguard <{}>\r\n"
      "To: {}\r\n"
      "Message-ID: <{}@{}>\r\n"
      "Subject: {}\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: {}\r\n"
      "\r\n"
      "{}",
      fmt::gmtime(mail.time),
      mail.from,
      fmt::join(mail.to, ",\r\n "),
      mail.id,
      policy::domain_of(mail.from),
      header_text(subject),
      is_plain ? "7bit" : "base64",
      is_plain ? text : encoded_body(text));
}

MailText notifications_mail(const std::vector<Notification>& notifications, std::uint64_t skipped) {
  MailText mail;
  const Notification& first = notifications.front();
  mail.subject = notifications.size() == 1
                     ? fmt::format("[fromguard] {}{}", place_of(first), first.text)
                     : fmt::format("[fromguard] {} notifications", notifications.size());
  if (skipped > 0) {
    mail.text = fmt::format("{} older ones were dropped before they could be sent.\n\n", skipped);
  }
  for (const Notification& each : notifications) {
    mail.text += fmt::format("{} {}{}\n{}{}\n",
                             utc_text(each.last),
                             each.is_resolved ? "resolved" : word_of(each.level),
                             each.times > 1 ? fmt::format(", {} times", each.times) : "",
                             place_of(each),
                             each.text);
    mail.text += each.advice.empty() ? "\n" : fmt::format("What to do: {}\n\n", each.advice);
  }
  return mail;
}

}  // namespace directory
