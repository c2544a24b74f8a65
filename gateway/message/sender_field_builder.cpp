// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/sender_field_builder.h"

#include "gateway/message/octets.h"
#include "gateway/message/shown_text.h"
#include "policy/name/name_forms.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using policy::FieldDefect;
using policy::FieldLimit;

bool is_utf8_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

}  // namespace

SenderFieldBuilder::SenderFieldBuilder(policy::SenderFieldName name,
                                       const SenderFieldLimits& limits)
    : limits_(limits) {
  field_.name = name;
}

void SenderFieldBuilder::add_defect(FieldDefect defect) {
  if (std::ranges::find(field_.defects, defect) == field_.defects.end()) {
    field_.defects.push_back(defect);
  }
}

void SenderFieldBuilder::add_limit(FieldLimit limit) {
  limit_hit_ = true;
  if (std::ranges::find(field_.limits, limit) == field_.limits.end()) {
    field_.limits.push_back(limit);
  }
}

bool SenderFieldBuilder::take_limit_hit() {
  return std::exchange(limit_hit_, false);
}

bool SenderFieldBuilder::count_entry() {
  if (entries_ == limits_.mailboxes) {
    add_limit(FieldLimit::kMailboxes);
    return false;
  }
  ++entries_;
  return true;
}

std::optional<std::size_t> SenderFieldBuilder::add_mailbox(std::string address, bool has_phrase) {
  if (field_.mailboxes.size() == limits_.mailboxes) {
    add_limit(FieldLimit::kMailboxes);
    return std::nullopt;
  }
  field_.mailboxes.push_back({.address = std::move(address), .has_phrase = has_phrase});
  return field_.mailboxes.size() - 1;
}

std::optional<std::size_t> SenderFieldBuilder::find_mailbox(std::string_view address,
                                                            std::size_t first) const {
  for (std::size_t i = first; i < field_.mailboxes.size(); ++i) {
    if (equal_ignoring_case(field_.mailboxes[i].address, address)) {
      return i;
    }
  }
  return std::nullopt;
}

void SenderFieldBuilder::add_identities(policy::IdentitySource source,
                                        const RawText& text,
                                        std::size_t mailbox) {
  if (text.octets.empty()) {
    return;
  }
  for (std::string& reading : shown_readings(text)) {
    add_identity(source, std::move(reading), mailbox);
  }
}

void SenderFieldBuilder::add_identity(policy::IdentitySource source,
                                      std::string text,
                                      std::size_t mailbox) {
  if (texts_ == limits_.texts) {
    add_limit(FieldLimit::kPhraseLength);
    return;
  }
  ++texts_;
  if (std::ranges::any_of(text, is_control)) {
    add_defect(FieldDefect::kControlCharacter);
  }
  cut_to_limit(text);
  const bool is_known =
      std::ranges::any_of(field_.identities, [&](const policy::VisibleIdentity& other) {
        return other.mailbox == mailbox && other.text == text;
      });
  if (is_known || text.empty()) {
    return;
  }
  text_octets_ += text.size() * policy::most_readings(text);
  if (text_octets_ > limits_.text_octets) {
    add_limit(FieldLimit::kPhraseLength);
  } else {
    field_.identities.push_back({.source = source, .text = std::move(text), .mailbox = mailbox});
  }
}

void SenderFieldBuilder::cut_to_limit(std::string& text) {
  if (text.size() <= limits_.phrase_characters) {
    return;
  }
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_utf8_continuation(text[i])) {
      continue;
    }
    if (characters == limits_.phrase_characters) {
      text.resize(i);
      add_limit(FieldLimit::kPhraseLength);
      return;
    }
    ++characters;
  }
}

}  // namespace gateway
