// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_field_parser.h"

#include "gateway/message/plain_mailbox.h"
#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_list.h"
#include "gateway/message/shown_text.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using policy::FieldDefect;
using policy::FieldLimit;

constexpr std::size_t kBeyondLimitsOctets = std::size_t{64} * 1024;

// A name or an encoded word may lie across the place where a field is cut.
constexpr std::size_t kOverlapOctets = 1024;

}  // namespace

SenderFieldParser::SenderFieldParser(policy::SenderFieldName name, const SenderFieldLimits& limits)
    : builder_(name, limits), octets_left_(limits.octets) {}

void SenderFieldParser::add(std::string_view value, bool space_before_colon) {
  policy::SenderField& field = builder_.field();
  ++field.field_count;
  if (field.field_count > 1) {
    builder_.add_defect(FieldDefect::kSeveralFields);
  }
  if (space_before_colon) {
    builder_.add_defect(FieldDefect::kSpaceBeforeColon);
  }
  if (field.field_count > builder_.limits().fields) {
    builder_.add_limit(FieldLimit::kFields);
    keep_beyond_limits(value, kBeyondLimitsOctets);
    return;
  }
  const std::string_view looked_at = value.substr(0, octets_left_);
  octets_left_ -= looked_at.size();
  read(looked_at);
  const bool is_cut = looked_at.size() < value.size();
  if (builder_.take_limit_hit()) {
    keep_beyond_limits(looked_at, is_cut ? kBeyondLimitsOctets / 2 : kBeyondLimitsOctets);
  }
  if (is_cut) {
    builder_.add_limit(FieldLimit::kFieldSize);
    static_cast<void>(builder_.take_limit_hit());
    const std::size_t start = looked_at.size() - std::min(looked_at.size(), kOverlapOctets);
    keep_beyond_limits(value.substr(start), kBeyondLimitsOctets);
  }
}

policy::SenderField SenderFieldParser::finish() {
  policy::SenderField& field = builder_.field();
  if (field.field_count == 0) {
    builder_.add_defect(FieldDefect::kNoField);
  } else if (std::ranges::all_of(field.mailboxes, [](const policy::VisibleMailbox& mailbox) {
               return mailbox.address.empty();
             })) {
    builder_.add_defect(FieldDefect::kNoAddress);
  }
  return std::move(field);
}

void SenderFieldParser::read(std::string_view value) {
  const auto plain = read_plain_mailbox(value, builder_.limits().phrase_characters);
  if (!plain.has_value() || !builder_.count_entry()) {
    read_sender_list(value, builder_);
    return;
  }
  std::string phrase = collapsed(plain->phrase);
  const auto mailbox = builder_.add_mailbox(std::string{plain->address}, !phrase.empty());
  if (mailbox.has_value()) {
    builder_.add_identity(policy::IdentitySource::kPhrase, std::move(phrase), *mailbox);
  }
}

void SenderFieldParser::keep_beyond_limits(std::string_view text, std::size_t octet_limit) {
  std::string& kept = builder_.field().beyond_limits;
  if (kept.size() >= octet_limit) {
    return;
  }
  if (!kept.empty()) {
    kept += '\n';
  }
  kept += searchable_text(text, octet_limit - kept.size());
}

}  // namespace gateway
