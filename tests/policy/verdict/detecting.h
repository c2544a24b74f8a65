// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/person.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/sender_field.h"
#include "tests/support/known_people.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace policy {

/// A From field with one mailbox that shows `phrase`.
inline SenderField from_field(std::string phrase, std::string address) {
  SenderField field;
  field.field_count = 1;
  field.mailboxes = {{.address = std::move(address), .has_phrase = !phrase.empty()}};
  if (!phrase.empty()) {
    field.identities = {
        {.source = IdentitySource::kPhrase, .text = std::move(phrase), .mailbox = 0}};
  }
  return field;
}

/// Adds a mailbox, with a phrase unless that is empty.
inline void add_mailbox(SenderField& field, std::string phrase, std::string address) {
  const std::size_t number = field.mailboxes.size();
  field.mailboxes.push_back({.address = std::move(address), .has_phrase = !phrase.empty()});
  if (!phrase.empty()) {
    field.identities.push_back(
        {.source = IdentitySource::kPhrase, .text = std::move(phrase), .mailbox = number});
  }
}

/// A message of which this is the only sender field.
inline MessageSenders senders_of(const SenderField& field) {
  MessageSenders senders;
  switch (field.name) {
    case SenderFieldName::kFrom: senders.from = field; break;
    case SenderFieldName::kSender: senders.sender = field; break;
    case SenderFieldName::kReplyTo: senders.reply_to = field; break;
  }
  return senders;
}

/// What the known directory finds in a field, asked for contoso unless said otherwise.
inline Detection detect(const SenderField& field,
                        const std::vector<OrganizationNumber>& asked = {tests::kContoso}) {
  static const auto kDetector = tests::detector_over(tests::known_directory());
  return kDetector->detect(senders_of(field), asked, nullptr).value();
}

/// Findings as `KIND MATCH PERSON <ADDRESS>`, joined by ` | `; `none` if there are none.
inline std::string summary_of(const std::vector<Finding>& findings) {
  std::string line;
  for (const Finding& finding : findings) {
    line += line.empty() ? "" : " | ";
    line += std::string{word(finding.kind)} + ' ' +
            (finding.match.has_value() ? std::string{word(*finding.match)} : "-") + ' ' +
            (finding.person.empty() ? "-" : finding.person) + " <" + finding.address + '>';
  }
  return line.empty() ? "none" : line;
}

/// The findings of contoso in a field with one mailbox.
inline std::string findings_of(const std::string& phrase, const std::string& address) {
  return summary_of(detect(from_field(phrase, address)).findings);
}

}  // namespace policy
