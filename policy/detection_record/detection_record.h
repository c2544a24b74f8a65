// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Something that was seen beside a finding and is none under the policy.
struct NotedMatch {
  std::string finding;
  std::string match;   ///< empty where no name was matched
  std::string reason;  ///< one sentence

  friend bool operator==(const NotedMatch&, const NotedMatch&) = default;
};

/// The record of one finding on one message: a detection. The gateway writes it, the directory
/// daemon reads it. Finding, match, field, disposition, action and mode are the words of
/// configuration and headers, kept as text so that a reader takes the words of a newer writer.
struct DetectionRecord {
  Ulid id;                ///< its order among all; nil until it has one
  std::int64_t time = 0;  ///< of the verdict, in seconds since 1970
  std::string organization;
  std::string queue_id;                 ///< of the MTA; empty if it gave none
  std::string message_id;               ///< as received
  std::string client;                   ///< address of the SMTP client
  std::string helo;                     ///< what the client called itself
  std::string mail_from;                ///< envelope sender; empty for bounces
  std::vector<std::string> recipients;  ///< of this organization, the first `kMostRecipients`
  std::uint64_t recipient_count = 0;    ///< of this organization, those not listed too
  std::vector<std::string> shown;       ///< what clients may show of the field, decoded
  std::string from;                     ///< the first From field as received
  std::vector<std::string> reply_to;    ///< addresses
  std::string person;                   ///< display name; empty if nobody
  std::string address;                  ///< the one the name is shown with
  std::string finding;
  std::string match;  ///< empty where no name was matched
  std::string field;
  std::string reason;  ///< one sentence
  std::string disposition;
  std::string action;         ///< by the policy; carried out if `decides` and `mode` is `enforce`
  bool decides = false;       ///< the strictest finding of the message
  std::string mode;           ///< `monitor` or `enforce`
  std::string rule;           ///< empty: the default
  std::string shadow_action;  ///< by the shadow rules if it differs, `none` for no finding
  std::string shadow_rule;    ///< with `shadow_action`; empty: the default
  std::string policy;         ///< digest
  std::uint64_t generation = 0;
  std::string authentication;  ///< value of Authentication-Results; empty: not worked out
  /// Whether the domain of `address` is proved to have sent the message: `pass` or `fail`; empty:
  /// not worked out.
  std::string authenticated;
  std::vector<NotedMatch> noted;

  friend bool operator==(const DetectionRecord&, const DetectionRecord&) = default;
};

/// Bounds of what is kept. A longer text is cut between two characters, a longer list after so
/// many items.
inline constexpr std::size_t kMostRecordedOctets = 1000;
inline constexpr std::size_t kMostRecordedAddressOctets = 320;
inline constexpr std::size_t kMostRecipients = 100;
inline constexpr std::size_t kMostRecordedItems = 16;

/// What an encoded record has at most, every character escaped.
inline constexpr std::size_t kMostEncodedOctets = std::size_t{1024} * 1024;

/// The record as one JSON object on one line, within the bounds above. Total: octets that are no
/// UTF-8 are written as `visible_text` shows them.
[[nodiscard]] std::string encode_detection(const DetectionRecord& record);

/// Reads what `encode_detection` wrote. Members that are not known are ignored, texts and lists
/// that are absent are empty. `kInvalidInput` for what is no such record: wrong types, members that
/// every record has, bounds, a newer schema.
[[nodiscard]] Result<DetectionRecord> decode_detection(std::string_view octets);

}  // namespace policy
