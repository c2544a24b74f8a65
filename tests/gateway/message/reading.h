// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/sender_field_parser.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace gateway {

/// The field that `values` show as From fields.
inline policy::SenderField read_from(std::initializer_list<std::string_view> values,
                                     const SenderFieldLimits& limits = {}) {
  SenderFieldParser parser{policy::SenderFieldName::kFrom, limits};
  for (const std::string_view value : values) {
    parser.add(value, false);
  }
  return parser.finish();
}

/// `text` in angle brackets where it is empty, with NUL as `\0`.
inline std::string shown(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '\0' ? std::string{"\\0"} : std::string{c};
  }
  return result.empty() ? "<>" : result;
}

/// The addresses, `*` behind those with a phrase.
inline std::string mailboxes_of(const policy::SenderField& field) {
  std::string line;
  for (const auto& mailbox : field.mailboxes) {
    line += (line.empty() ? "" : " ") + shown(mailbox.address) + (mailbox.has_phrase ? "*" : "");
  }
  return line;
}

/// The identities as `source#mailbox=text`, joined by ` | `.
inline std::string identities_of(const policy::SenderField& field) {
  std::string line;
  for (const auto& identity : field.identities) {
    const bool has_mailbox = identity.mailbox != policy::VisibleIdentity::kNoMailbox;
    line += (line.empty() ? "" : " | ") + std::string{word(identity.source)} + '#' +
            (has_mailbox ? std::to_string(identity.mailbox) : "-") + '=' + shown(identity.text);
  }
  return line;
}

/// The words of a list of defects or limits, joined by a space.
template <typename Words>
std::string words_of(const Words& words) {
  std::string line;
  for (const auto each : words) {
    line += (line.empty() ? "" : " ") + std::string{word(each)};
  }
  return line;
}

}  // namespace gateway
