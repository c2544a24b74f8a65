// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/message_target.h"

#include "directory/graph/message_queries.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::size_t kLongest = 998;  // of a line in a header. RFC 5322, 2.1.1

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kWhiteSpace) + 1 - first);
}

}  // namespace

policy::Result<std::string> parse_message_id(std::string_view text) {
  const std::string_view given = trimmed(text);
  if (given.empty()) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "the message has no Message-ID; without one it cannot be found");
  }
  if (given.size() > kLongest) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "the Message-ID is longer than a line of a header; it cannot be found");
  }
  return given.starts_with('<') ? std::string{given} : fmt::format("<{}>", given);
}

std::string comparable_subject(std::string_view subject) {
  std::string words;
  for (std::string_view rest = trimmed(subject); !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find_first_of(kWhiteSpace));
    words += words.empty() ? "" : " ";
    words += word;
    rest = trimmed(rest.substr(word.size()));
  }
  return words;
}

std::string objection_to(const MessageTarget& target, const MessageCopy& copy) {
  if (!target.sender.empty() && policy::canonical_address(copy.sender) != target.sender) {
    return copy.sender.empty() ? "it has no sender"
                               : "its sender is " + policy::visible_text(copy.sender);
  }
  if (!target.subject.empty() &&
      comparable_subject(copy.subject) != comparable_subject(target.subject)) {
    return "its subject is " + policy::visible_text(copy.subject);
  }
  const bool is_early = target.not_before != 0 && copy.received < target.not_before;
  const bool is_late = target.not_after != 0 && copy.received > target.not_after;
  if (copy.received != 0 && (is_early || is_late)) {
    return is_early ? "it was received before the detection" : "it was received days later";
  }
  return {};
}

}  // namespace directory
