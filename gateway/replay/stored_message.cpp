// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/stored_message.h"

#include "gateway/authentication/results/authentication_results_field.h"
#include "gateway/message/header_block.h"
#include "gateway/message/message_fields.h"
#include "gateway/message/octets.h"
#include "gateway/session/judge.h"
#include "gateway/session/verdict.h"
#include "policy/mail_address.h"
#include "policy/verdict/policy.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::size_t kKeptOctets = 1000;
constexpr std::size_t kMaximumRecipients = 1000;
// What MTAs and delivery agents write down of the envelope: Postfix and qmail, Postfix, Exim.
constexpr std::array<std::string_view, 3> kRecipientFields{
    "Delivered-To", "X-Original-To", "Envelope-To"};

std::string_view without_angles(std::string_view path) {
  path = trimmed(path);
  if (path.starts_with('<') && path.ends_with('>') && path.size() >= 2) {
    path = path.substr(1, path.size() - 2);
  }
  return path;
}

void keep_first(std::string& text, std::string_view value) {
  if (text.empty()) {
    text = trimmed(value).substr(0, kKeptOctets);
  }
}

void add_recipients(std::vector<std::string>& recipients, std::string_view value) {
  for (std::string& address : envelope_addresses(value)) {
    if (recipients.size() < kMaximumRecipients) {
      recipients.push_back(std::move(address));
    }
  }
}

void read_other_field(StoredMessage& message, const HeaderField& field) {
  if (equal_ignoring_case(field.name, "Message-ID")) {
    keep_first(message.message_id, field.value);
  } else if (equal_ignoring_case(field.name, "Return-Path")) {
    keep_first(message.mail_from, without_angles(field.value));
  } else if (equal_ignoring_case(field.name, kAuthenticationResults)) {
    keep_authentication_results(message.results, field.value);
  } else if (std::ranges::any_of(kRecipientFields, [&](std::string_view name) {
               return equal_ignoring_case(field.name, name);
             })) {
    add_recipients(message.facts.recipients, field.value);
  }
}

}  // namespace

std::vector<std::string> envelope_addresses(std::string_view value) {
  std::vector<std::string> addresses;
  while (!value.empty() && addresses.size() < kMaximumRecipients) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view path = without_angles(value.substr(0, comma));
    value.remove_prefix(std::min(comma + 1, value.size()));
    if (path.find('@') != std::string_view::npos) {
      addresses.push_back(policy::canonical_address(path));
    }
  }
  return addresses;
}

StoredMessage read_stored_message(std::string_view header, std::size_t from_octets) {
  StoredMessage message;
  MessageFields senders{{.octets = from_octets}};
  const HeaderBlock block = parse_header_block(header);
  for (const HeaderField& field : block.fields) {
    read_other_field(message, field);
  }
  senders.set_mail_from(message.mail_from);
  for (const HeaderField& field : block.fields) {
    if (senders.add(field.name, field.value, field.space_before_colon)) {
      keep_first(message.from, field.value);
    }
  }
  if (block.stray_lines > 0) {
    senders.note_stray_line();
  }
  message.fields = block.fields.size();
  message.facts.senders = senders.finish();
  message.facts.ask_every_organization = message.facts.recipients.empty();
  return message;
}

Verdict judge_stored_message(const StoredMessage& message,
                             const InForce& in_force,
                             const DegradedActions& degraded) {
  Judgement judgement{message.facts, in_force, degraded, nullptr};
  if (const auto need = judgement.need(); need.has_value()) {
    const auto results = trusted_results(
        message.results, in_force.policy->trusted_results().authserv_ids, need->from_domain);
    if (results.has_value()) {
      judgement.authenticate(*results, false);
    }
  }
  return judgement.verdict();
}

}  // namespace gateway
