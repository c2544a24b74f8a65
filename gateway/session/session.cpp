// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/session.h"

#include "gateway/network/ip_address.h"
#include "gateway/session/enforcement.h"
#include "gateway/session/judge.h"
#include "gateway/session/networks.h"
#include "gateway/session/stamp.h"
#include "gateway/session/verdict.h"
#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t kRecordedOctets = 1000;
constexpr std::size_t kRecordedReplies = 8;

std::string_view without_angles(std::string_view path) {
  const bool has_angles = path.starts_with('<') && path.ends_with('>') && path.size() >= 2;
  return has_angles ? path.substr(1, path.size() - 2) : path;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Field names are ASCII and compared without case (RFC 5322, 1.2.2); this runs for every field.
bool starts_with_name(std::string_view name, std::string_view prefix) {
  return name.size() >= prefix.size() &&
         std::ranges::equal(name.substr(0, prefix.size()), prefix, {}, lower, lower);
}

bool is_stamp(std::string_view name) {
  return name.size() > kStampPrefix.size() && starts_with_name(name, kStampPrefix);
}

bool is_message_id(std::string_view name) {
  constexpr std::string_view kMessageId = "Message-ID";
  return name.size() == kMessageId.size() && starts_with_name(name, kMessageId);
}

}  // namespace

void Session::on_connect(std::string_view client_address) {
  client_ = client_address;
  const auto address = parse_ip_address(client_address);
  is_trusted_ = address.has_value() && settings_.trusted_networks.contains(*address);
}

void Session::on_mail(std::string_view sender, bool is_authenticated) {
  message_.emplace(host_.in_force(), settings_.from_octets);
  message_->is_skipped = is_trusted_ || (is_authenticated && !settings_.inspect_authenticated);
  message_->record.client = client_;
  message_->record.mail_from = without_angles(sender);
}

void Session::on_recipient(std::string_view recipient) {
  if (!message_.has_value()) {
    return;
  }
  const std::string_view address = without_angles(recipient);
  message_->record.recipients.emplace_back(address);
  message_->recipients.push_back(policy::canonical_address(address));
}

void Session::on_header(std::string_view name, std::string_view value) {
  if (!message_.has_value() || message_->is_skipped) {
    return;
  }
  Message& message = *message_;
  message.header_octets += name.size() + value.size();
  // Read even beyond the limit: the readers bound themselves, and a late From must not go unseen.
  if (message.fields.add(name, value, name.ends_with(' ') || name.ends_with('\t'))) {
    if (message.record.from.empty()) {
      message.record.from = value.substr(0, kRecordedOctets);
    }
  } else if (is_stamp(name)) {
    note_stamp(message, name);
  } else if (is_message_id(name)) {
    message.record.message_id = value.substr(0, kRecordedOctets);
  }
  if (message.header_octets > settings_.header_octets && !message.over_header_limit) {
    message.over_header_limit = true;
    host_.count_limit("header_bytes");
  }
}

Session::HeaderStep Session::on_end_of_headers(std::string_view queue_id) {
  if (!message_.has_value()) {
    return HeaderStep::kGoOn;
  }
  const auto start = std::chrono::steady_clock::now();
  judge_message(*message_);
  message_->record.judging = std::chrono::steady_clock::now() - start;
  if (enforce(message_->verdict, message_->stamps).changes_nothing()) {
    finish(*message_, queue_id);
    return HeaderStep::kAccept;
  }
  return HeaderStep::kGoOn;
}

Enforcement Session::on_end_of_message(std::string_view queue_id) {
  if (!message_.has_value()) {
    return enforce(
        degraded_verdict(Degradation::kInternalError, host_.in_force(), settings_.degraded), {});
  }
  if (message_->degradation.has_value()) {
    judge_message(*message_);
  }
  Enforcement enforcement = enforce(message_->verdict, message_->stamps);
  finish(*message_, queue_id);
  return enforcement;
}

void Session::degrade(Degradation why) {
  if (message_.has_value()) {
    message_->degradation = why;
  }
}

void Session::judge_message(Message& message) const {
  if (message.is_skipped) {
    message.verdict = {};
    message.verdict.kind = Verdict::Kind::kSkipped;
    return;
  }
  if (message.degradation.has_value()) {
    message.verdict = degraded_verdict(*message.degradation, message.in_force, settings_.degraded);
    return;
  }
  MessageFacts facts;
  facts.senders = message.fields.finish();
  for (const policy::VisibleMailbox& mailbox : facts.senders.reply_to.mailboxes) {
    if (message.record.reply_to.size() < kRecordedReplies) {
      message.record.reply_to.push_back(mailbox.address);
    }
  }
  facts.recipients = std::move(message.recipients);
  message.verdict = judge(facts, message.in_force, settings_.degraded, nullptr);
}

void Session::note_stamp(Message& message, std::string_view name) const {
  std::size_t& count = message.stamp_counts[policy::fold_case(name)];
  ++count;
  message.stamps.push_back({.name = std::string{name}, .occurrence = count});
}

void Session::finish(Message& message, std::string_view queue_id) {
  message.record.queue_id = queue_id;
  host_.report(message.verdict, message.record);
  message_.reset();
}

}  // namespace gateway
