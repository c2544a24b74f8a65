// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/message_fields.h"

#include "gateway/message/header_block.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_field_parser.h"
#include "policy/ascii.h"
#include "policy/mail_address.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::SenderFieldName;

// More List-Id and X-Original-Sender fields, or longer ones, are nobody's list.
constexpr std::size_t kMaximumOthers = 16;
constexpr std::size_t kMaximumOtherOctets = 1024;

// What is answered to is shown less often than who wrote, and is worth less of a gateway's time.
SenderFieldLimits limits_beside_from(const SenderFieldLimits& from) {
  constexpr std::size_t kOctets = std::size_t{16} * 1024;
  constexpr std::size_t kTextOctets = std::size_t{2} * 1024;
  SenderFieldLimits limits = from;
  limits.text_octets = std::min(from.text_octets, kTextOctets);
  limits.octets = std::min(from.octets, kOctets);
  return limits;
}

bool is_name(std::string_view name, std::string_view wanted) {
  return name.size() == wanted.size() &&
         std::ranges::equal(name, wanted, {}, policy::ascii_lower, policy::ascii_lower);
}

// What stands in the last angle brackets, or all of it.
std::string_view in_angles(std::string_view value) {
  const std::size_t open = value.rfind('<');
  const std::size_t close = value.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    value = value.substr(open + 1, close - open - 1);
  }
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = value.find_first_not_of(kBlanks);
  return first == std::string_view::npos
             ? std::string_view{}
             : value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
}

// RFC 2919, section 2: a label, a dot, and the domain under whose authority the label was given.
std::string list_domain(std::string_view value) {
  const std::string_view id = in_angles(value);
  const std::size_t dot = id.find('.');
  return dot == std::string_view::npos ? std::string{}
                                       : policy::canonical_domain(id.substr(dot + 1));
}

bool names_nobody(const policy::SenderField& from) {
  return from.identities.empty() && from.beyond_limits.empty() &&
         std::ranges::all_of(from.mailboxes, [](const policy::VisibleMailbox& mailbox) {
           return mailbox.address.empty();
         });
}

}  // namespace

MessageFields::MessageFields(const SenderFieldLimits& limits)
    : limits_(limits),
      from_(SenderFieldName::kFrom, limits),
      sender_(SenderFieldName::kSender, limits_beside_from(limits)),
      reply_to_(SenderFieldName::kReplyTo, limits_beside_from(limits)) {}

bool MessageFields::add(std::string_view name, std::string_view value, bool space_before_colon) {
  const std::optional<SenderFieldName> field = sender_field_name(name);
  if (!field.has_value()) {
    add_other(name, value);
    return false;
  }
  switch (*field) {
    case SenderFieldName::kFrom: from_.add(value, space_before_colon); break;
    case SenderFieldName::kSender: sender_.add(value, space_before_colon); break;
    case SenderFieldName::kReplyTo: reply_to_.add(value, space_before_colon); break;
  }
  return *field == SenderFieldName::kFrom;
}

void MessageFields::add_other(std::string_view name, std::string_view value) {
  if (is_full_name_field(name)) {
    add_full_name(value);
    return;
  }
  const bool is_list_id = is_name(name, "List-Id");
  if ((!is_list_id && !is_name(name, "X-Original-Sender")) || value.size() > kMaximumOtherOctets ||
      others_ == kMaximumOthers) {
    return;
  }
  ++others_;
  if (is_list_id) {
    senders_.list_domains.push_back(list_domain(value));
  } else {
    senders_.original_senders.push_back(policy::canonical_address(in_angles(value)));
  }
}

SenderFieldParser& MessageFields::full_names() {
  if (!full_names_.has_value()) {
    full_names_.emplace(SenderFieldName::kFrom, limits_beside_from(limits_));
  }
  return *full_names_;
}

void MessageFields::add_full_name(std::string_view value) {
  full_names().add(std::string{value} + " <" + mail_from_ + '>', false);
}

void MessageFields::put_author(policy::SenderField& from) {
  if (!full_names_.has_value()) {
    add_full_name({});
  }
  policy::SenderField written = full_names().finish();
  written.field_count = from.field_count;
  written.defects = std::move(from.defects);
  from = std::move(written);
}

policy::MessageSenders MessageFields::finish() {
  senders_.from = from_.finish();
  if (names_nobody(senders_.from) && (full_names_.has_value() || !mail_from_.empty())) {
    put_author(senders_.from);
  }
  senders_.sender = sender_.finish();
  senders_.reply_to = reply_to_.finish();
  // MTAs differ in whether such a line ends the header, and so in which From they show.
  std::vector<policy::FieldDefect>& defects = senders_.from.defects;
  if (has_stray_line_ &&
      std::ranges::find(defects, policy::FieldDefect::kStraySyntax) == defects.end()) {
    defects.push_back(policy::FieldDefect::kStraySyntax);
  }
  return std::move(senders_);
}

}  // namespace gateway
