// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/folding.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/address_reading.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/reply_template.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/rule_reading.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

constexpr std::array kDispositions{Disposition::kMalicious,
                                   Disposition::kSuspicious,
                                   Disposition::kSpoof,
                                   Disposition::kBulk,
                                   Disposition::kNone};
constexpr std::array kActions{ActionKind::kAccept,
                              ActionKind::kTag,
                              ActionKind::kExpose,
                              ActionKind::kQuarantine,
                              ActionKind::kRedirect,
                              ActionKind::kCopy,
                              ActionKind::kReject,
                              ActionKind::kTempFail,
                              ActionKind::kDiscard};

// Fields that RFC 5322 section 3.6 allows once, and those that say how to read the body: a second
// one changes the message or makes it malformed.
constexpr std::array<std::string_view, 12> kFieldsOfTheMessage{"bcc",
                                                               "cc",
                                                               "date",
                                                               "from",
                                                               "in-reply-to",
                                                               "message-id",
                                                               "mime-version",
                                                               "references",
                                                               "reply-to",
                                                               "sender",
                                                               "subject",
                                                               "to"};

template <typename Enum, std::size_t count>
std::array<std::pair<std::string_view, Enum>, count> with_words(
    const std::array<Enum, count>& values) {
  std::array<std::pair<std::string_view, Enum>, count> pairs;
  std::ranges::transform(
      values, pairs.begin(), [](Enum value) { return std::pair{word(value), value}; });
  return pairs;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 3 && std::ranges::all_of(text, is_digit) &&
         (text.size() == 1 || text.front() != '0');
}

// `5.` subject `.` detail (RFC 3463 section 2).
bool is_permanent_enhanced_code(std::string_view code) {
  if (!code.starts_with("5.")) {
    return false;
  }
  code.remove_prefix(2);
  const std::size_t dot = code.find('.');
  return dot != std::string_view::npos && is_number(code.substr(0, dot)) &&
         is_number(code.substr(dot + 1));
}

// 5, a digit up to 5, a digit (RFC 5321 section 4.2).
bool is_permanent_code(std::string_view code) {
  return code.size() == 3 && code[0] == '5' && code[1] >= '0' && code[1] <= '5' &&
         is_digit(code[2]);
}

void read_codes(MappingReader& then, RuleAction& action) {
  const auto code = then.string("code");
  if (!code.has_value()) {
    return;
  }
  const std::string_view text = *code;
  const std::size_t blank = text.find(' ');
  const std::string_view reply = text.substr(0, blank);
  const bool has_enhanced = blank != std::string_view::npos;
  if (!is_permanent_code(reply) ||
      (has_enhanced && !is_permanent_enhanced_code(text.substr(blank + 1)))) {
    then.error("code",
               fmt::format("'code' cannot be {}; a refusal is 5xx, alone or with an enhanced code "
                           "of class 5, like 550 5.7.1",
                           quoted_excerpt(text)));
    return;
  }
  action.reply_code = reply;
  if (has_enhanced) {
    action.enhanced_code = text.substr(blank + 1);
  }
}

void read_text(MappingReader& then, RuleAction& action) {
  const auto text = then.string("text");
  if (!text.has_value()) {
    return;
  }
  auto parsed = ReplyTemplate::parse(*text);
  if (parsed.has_value()) {
    action.text = *std::move(parsed);
  } else {
    then.error("text", std::move(parsed.error().message));
  }
}

// What is wrong with the name of a header field; empty if nothing is.
std::string_view name_fault(std::string_view name) {
  constexpr std::size_t kMaximumOctets = 64;
  const std::string lowered = fold_case(name);
  const bool is_ftext =
      std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~' && c != ':'; });
  if (name.empty() || name.size() > kMaximumOctets || !is_ftext) {
    return "is no header field's name; use 1 to 64 letters, digits and hyphens, like X-Spam-Flag";
  }
  if (lowered.starts_with("x-fromguard-")) {
    return "is kept for fromguard's own stamp; use another name, like X-Spam-Flag";
  }
  if (lowered.starts_with("content-") ||
      std::ranges::binary_search(kFieldsOfTheMessage, std::string_view{lowered})) {
    return "belongs to the message, and a second one would change it; use another name, like "
           "X-Spam-Flag";
  }
  return {};
}

// What is wrong with the value of a header field; empty if nothing is.
std::string_view value_fault(const YamlValue& value) {
  constexpr std::size_t kMaximumOctets = 900;
  const std::string& text = value.text();
  if (value.kind() != YamlValue::Kind::kScalar || text.empty() || text.size() > kMaximumOctets) {
    return "needs a text of 1 to 900 characters as its value; write one, in quotes if needed";
  }
  if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) {
    return "has a value with more than printable ASCII; line ends and other control characters "
           "are not allowed";
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> read_headers(MappingReader& then,
                                                              Problems& problems) {
  std::vector<std::pair<std::string, std::string>> headers;
  const auto value = then.value("headers");
  if (!value.has_value()) {
    return headers;
  }
  if (value->kind() != YamlValue::Kind::kMapping || value->entries().empty()) {
    then.error("headers", "'headers' must name fields; write it like {X-Spam-Flag: \"YES\"}");
    return headers;
  }
  for (const auto& [name, text] : value->entries()) {
    const std::string_view wrong_name = name_fault(name.text());
    const std::string_view wrong_value = value_fault(text);
    if (!wrong_name.empty()) {
      problems.error(name.place(), fmt::format("{} {}", quoted_excerpt(name.text()), wrong_name));
    }
    if (!wrong_value.empty()) {
      problems.error(text.place(), fmt::format("{} {}", quoted_excerpt(name.text()), wrong_value));
    }
    headers.emplace_back(name.text(), text.text());
  }
  return headers;
}

void read_subject_prefix(MappingReader& then, RuleAction& action) {
  constexpr std::size_t kMaximumOctets = 60;
  const auto prefix = then.string("subject_prefix");
  if (!prefix.has_value()) {
    return;
  }
  if (prefix->empty() || prefix->size() > kMaximumOctets || visible_text(*prefix) != *prefix) {
    then.error("subject_prefix",
               "'subject_prefix' must be visible text of 1 to 60 octets; write it like \"[Not "
               "verified]\"");
    return;
  }
  action.subject_prefix = *prefix;
  then.warning("subject_prefix",
               "DKIM signatures over Subject no longer verify behind the gateway; whoever checks "
               "them there must trust the gateway's own result");
}

void read_to(MappingReader& then, RuleAction& action, Problems& problems) {
  constexpr std::size_t kMaximumAddresses = 20;
  if (!then.value("to").has_value()) {
    if (action.action == ActionKind::kRedirect || action.action == ActionKind::kCopy) {
      problems.error(then.place(),
                     fmt::format("'action: {0}' needs 'to'; write {{action: {0}, to: "
                                 "security@example.com}}",
                                 word(action.action)));
    }
    return;
  }
  action.to = read_addresses(then, "to", problems);
  if (action.to.size() > kMaximumAddresses) {
    then.error("to", "'to' lists over 20 addresses; use a distribution list");
  }
}

void read_really(MappingReader& then, ActionKind action, Problems& problems) {
  const auto really = then.boolean("really");
  if (action == ActionKind::kDiscard && !really.value_or(false)) {
    problems.error(then.place(),
                   "'action: discard' drops messages and tells nobody; if that is meant, add "
                   "'really: true', else use quarantine or reject");
  }
}

void warn_of_broken_signatures(MappingReader& then, ActionKind action) {
  if (action == ActionKind::kExpose) {
    then.warning(
        "action",
        "'expose' changes a field that DKIM signs, so that signatures no longer verify "
        "behind the gateway; whoever checks them there must trust the gateway's own result");
  }
}

constexpr std::array kActionsWithRecipients{
    ActionKind::kQuarantine, ActionKind::kRedirect, ActionKind::kCopy};

void refuse_keys_of_other_actions(MappingReader& then, ActionKind action) {
  const auto refuse = [&](std::string_view key, std::span<const ActionKind> users) {
    if (std::ranges::find(users, action) == users.end() && then.value(key).has_value()) {
      then.error(key,
                 fmt::format("'{}' has no effect with 'action: {}'; remove it, or use 'action: {}'",
                             key,
                             word(action),
                             word(users.front())));
    }
  };
  refuse("headers", std::array{ActionKind::kTag});
  refuse("subject_prefix", std::array{ActionKind::kTag});
  refuse("code", std::array{ActionKind::kReject});
  refuse("text", std::array{ActionKind::kReject});
  refuse("to", kActionsWithRecipients);
  refuse("really", std::array{ActionKind::kDiscard});
}

}  // namespace

RuleAction read_action(MappingReader& then, Problems& problems) {
  RuleAction action;
  action.disposition =
      then.word<Disposition>("disposition", with_words(kDispositions)).value_or(action.disposition);
  const auto named = then.word<ActionKind>("action", with_words(kActions));
  action.action = named.value_or(action.action);
  if (action.action == ActionKind::kReject) {
    action.reply_code = "550";
    action.enhanced_code = "5.7.1";
  } else if (action.action == ActionKind::kTempFail) {
    action.reply_code = "451";
    action.enhanced_code = "4.7.1";
  }
  read_codes(then, action);
  read_text(then, action);
  action.headers = read_headers(then, problems);
  read_subject_prefix(then, action);
  read_to(then, action, problems);
  read_really(then, action.action, problems);
  warn_of_broken_signatures(then, action.action);
  // Of an action that was refused nobody knows what it needs.
  if (named.has_value() || !then.value("action").has_value()) {
    refuse_keys_of_other_actions(then, action.action);
  }
  then.finish();
  return action;
}

}  // namespace policy
