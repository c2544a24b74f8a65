// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/session.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authenticator.h"
#include "gateway/authentication/results/authentication_results_field.h"
#include "gateway/message/octets.h"
#include "gateway/session/enforcement.h"
#include "gateway/session/judge.h"
#include "gateway/session/stamp.h"
#include "gateway/session/verdict.h"
#include "policy/ascii.h"
#include "policy/ip_address.h"
#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/networks.h"
#include "policy/people/directory_view.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

constexpr std::size_t kRecordedOctets = 1000;
constexpr std::size_t kRecordedReplies = 8;
constexpr std::size_t kRecordedTexts = 16;

std::string_view without_angles(std::string_view path) {
  const bool has_angles = path.starts_with('<') && path.ends_with('>') && path.size() >= 2;
  return has_angles ? path.substr(1, path.size() - 2) : path;
}

// Field names are ASCII and compared without case (RFC 5322, 1.2.2); this runs for every field.
bool starts_with_name(std::string_view name, std::string_view prefix) {
  return name.size() >= prefix.size() && equal_ignoring_case(name.substr(0, prefix.size()), prefix);
}

bool is_stamp(std::string_view name) {
  return name.size() > kStampPrefix.size() && starts_with_name(name, kStampPrefix);
}

bool is_message_id(std::string_view name) {
  return equal_ignoring_case(name, "Message-ID");
}

std::string_view without_blanks_before(std::string_view value) {
  const std::size_t first = value.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : value.substr(first);
}

// Sendmail hands on blanks before the colon.
std::string_view without_blanks_behind(std::string_view name) {
  const bool has_blanks = name.ends_with(' ') || name.ends_with('\t');
  return !has_blanks ? name : name.substr(0, name.find_last_not_of(" \t") + 1);
}

bool is_sender_field(std::string_view name) {
  return equal_ignoring_case(name, "From") || equal_ignoring_case(name, "Sender") ||
         equal_ignoring_case(name, "Reply-To");
}

MessageRecord::Shown shown_of(const policy::SenderField& field) {
  MessageRecord::Shown shown{.field = field.name, .texts = {}};
  for (const policy::VisibleIdentity& identity : field.identities) {
    if (shown.texts.size() < kRecordedTexts) {
      shown.texts.push_back(identity.text.substr(0, kRecordedOctets));
    }
  }
  return shown;
}

}  // namespace

void Session::on_connect(std::string_view client_address,
                         std::string_view mta_name,
                         std::string_view daemon_name) {
  // First, so that nothing that fails makes outbound mail look inbound.
  is_outbound_ = !settings_.outbound_daemon.empty() && daemon_name == settings_.outbound_daemon;
  client_ = client_address;
  client_address_ = policy::parse_ip_address(client_address);
  is_trusted_ =
      client_address_.has_value() && settings_.trusted_networks.contains(*client_address_);
  authserv_id_ = settings_.authserv_id.empty() ? mta_name : settings_.authserv_id;
  std::ranges::transform(authserv_id_, authserv_id_.begin(), policy::ascii_lower);
  mta_host_ = policy::canonical_domain(mta_name);
}

void Session::on_mail(std::string_view sender, bool is_authenticated) {
  message_.emplace(host_.in_force(), settings_, mta_host_);
  header_.clear();
  message_->is_authenticated = is_authenticated;
  if (is_outbound_) {
    // Who it is from, and whether it logged in, prove no tenant.
    begin_outbound(*message_);
  } else {
    message_->is_skipped = is_trusted_ || (is_authenticated && !settings_.inspect_authenticated);
  }
  message_->record.client = client_;
  message_->record.mail_from = without_angles(sender);
  message_->fields.set_mail_from(message_->record.mail_from);
}

void Session::on_recipient(std::string_view recipient) {
  if (!message_.has_value()) {
    return;
  }
  const bool was_over = message_->recipients.is_over();
  if (!message_->recipients.add(without_angles(recipient)) && !was_over) {
    message_->degradation = Degradation::kRecipients;
    host_.count_limit("recipients");
  }
}

void Session::on_header(std::string_view name, std::string_view value) {
  if (!message_.has_value() || message_->is_skipped) {
    return;
  }
  Message& message = *message_;
  const std::string_view text = without_blanks_before(value);
  if (equal_ignoring_case(without_blanks_behind(name), "Received")) {
    message.loop_guard.add(value);
  }
  if (message.is_outbound) {
    on_outbound_header(message, name, text);
    return;
  }
  message.header_octets += name.size() + value.size();
  header_.add(name, value);
  // Read even beyond the limit: the readers bound themselves, and a late From must not go unseen.
  if (message.fields.add(name, value, name.ends_with(' ') || name.ends_with('\t'))) {
    if (message.record.from.empty()) {
      message.record.from = text.substr(0, kRecordedOctets);
    }
  } else if (is_message_id(name)) {
    message.record.message_id = text.substr(0, kRecordedOctets);
  } else if (equal_ignoring_case(name, kAuthenticationResults)) {
    keep_results(message, text);
  }
  keep_field(message, name, text);
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
  std::vector<std::string> recipients = message_->recipients.canonical();
  ask_guards(*message_, queue_id, recipients);
  begin_judging(*message_, std::move(recipients));
  if (message_->check != nullptr) {
    message_->record.judging = std::chrono::steady_clock::now() - start;
    return HeaderStep::kGoOn;
  }
  judge_message(*message_);
  message_->record.judging = std::chrono::steady_clock::now() - start;
  if (enforcement_of(*message_).changes_nothing()) {
    finish(*message_, queue_id);
    return HeaderStep::kAccept;
  }
  return HeaderStep::kGoOn;
}

void Session::on_body(std::string_view octets) {
  if (message_.has_value() && message_->check != nullptr) {
    message_->check->add_body(octets);
  }
}

Enforcement Session::on_end_of_message(std::string_view queue_id) {
  if (!message_.has_value() && is_outbound_) {
    return enforce(
        degraded_outbound_verdict(Degradation::kInternalError, host_.in_force()), {}, {});
  }
  if (!message_.has_value()) {
    return enforce(
        degraded_verdict(Degradation::kInternalError, host_.in_force(), settings_.degraded),
        {},
        {});
  }
  Message& message = *message_;
  if (message.degradation.has_value()) {
    judge_message(message);
  } else if (message.check != nullptr) {
    finish_check(message);
  }
  Enforcement enforcement = enforcement_of(message);
  finish(message, queue_id);
  return enforcement;
}

void Session::degrade(Degradation why) {
  if (message_.has_value()) {
    message_->degradation = why;
  }
}

void Session::begin_outbound(Message& message) {
  message.is_outbound = true;
  message.verdict = degraded_outbound_verdict(Degradation::kInternalError, message.in_force);
  if (message.in_force.outbound_tenants != nullptr) {
    message.tenant_guard.emplace(*message.in_force.outbound_tenants);
  }
}

void Session::on_outbound_header(Message& message, std::string_view name, std::string_view text) {
  if (message.tenant_guard.has_value()) {
    message.tenant_guard->add(without_blanks_behind(name), text);
  }
  if (is_message_id(name)) {
    message.record.message_id = text.substr(0, kRecordedOctets);
  }
}

// Whether the relay may take it: whose outbound mail it is, and how often it was here.
void Session::ask_guards(Message& message,
                         std::string_view queue_id,
                         std::span<const std::string> recipients) {
  if (message.is_skipped) {
    return;
  }
  if (message.tenant_guard.has_value()) {
    message.objection = message.tenant_guard->objection();
  }
  if (!message.objection.has_value()) {
    message.objection = message.loop_guard.objection(queue_id, recipients);
  }
}

void Session::begin_judging(Message& message, std::vector<std::string> recipients) {
  if (message.is_outbound || message.is_refused()) {
    return;
  }
  // An id that is ours alone is nobody else's to use (RFC 8601, 5).
  if (!settings_.authserv_id.empty()) {
    strip_forged_results(message);
  }
  if (message.is_skipped || message.degradation.has_value()) {
    return;
  }
  MessageFacts facts;
  facts.senders = message.fields.finish();
  for (const policy::VisibleMailbox& mailbox : facts.senders.reply_to.mailboxes) {
    if (message.record.reply_to.size() < kRecordedReplies) {
      message.record.reply_to.push_back(mailbox.address);
    }
  }
  facts.recipients = std::move(recipients);
  facts.direction =
      message.is_authenticated ? policy::Direction::kOutbound : policy::Direction::kInbound;
  message.judgement.emplace(std::move(facts), message.in_force, settings_.degraded, nullptr);
  if (const auto need = message.judgement->need(); need.has_value()) {
    authenticate(message, *need);
  }
}

// What a trusted relay has found is taken as it is; else it is worked out, which takes a while.
void Session::authenticate(Message& message, const AuthenticationNeed& need) {
  const policy::TrustedResults& trusted = message.in_force.policy->trusted_results();
  if (client_address_.has_value() && trusted.relays.contains(*client_address_)) {
    const auto results = trusted_results(message.results, trusted.authserv_ids, need.from_domain);
    if (results.has_value() && message.judgement.has_value()) {
      message.judgement->authenticate(*results, false);
      return;
    }
  }
  Authenticator* authenticator = host_.authenticator();
  if (authenticator != nullptr) {
    message.check = authenticator->begin({.from_domain = need.from_domain,
                                          .client = client_address_,
                                          .helo = helo_,
                                          .mail_from = message.record.mail_from,
                                          .fields = header_.fields(),
                                          .only_if_published = need.only_if_published,
                                          .needs_dkim = need.needs_dkim});
  }
}

void Session::finish_check(Message& message) const {
  const AuthenticationOutcome outcome = message.check->finish();
  message.check.reset();
  if (message.judgement.has_value()) {
    message.judgement->authenticate(outcome.results(), outcome.is_unavailable);
  }
  judge_message(message);
  message.verdict.authentication_results =
      authentication_results_value(authserv_id_, outcome, message.record.mail_from, helo_);
  strip_forged_results(message);
}

void Session::judge_message(Message& message) const {
  if (message.is_outbound) {
    judge_outbound(message);
  } else if (message.is_skipped) {
    message.verdict = {};
    message.verdict.kind = Verdict::Kind::kSkipped;
  } else if (message.is_refused()) {
    message.verdict = unjudged_verdict(Verdict::Kind::kRefused, message.in_force);
  } else if (message.degradation.has_value() || !message.judgement.has_value()) {
    message.verdict = degraded_verdict(message.degradation.value_or(Degradation::kInternalError),
                                       message.in_force,
                                       settings_.degraded);
  } else {
    message.verdict = message.judgement->verdict();
  }
  message.verdict.objection = message.objection;
}

void Session::judge_outbound(Message& message) {
  if (message.degradation.has_value() || !message.tenant_guard.has_value()) {
    message.verdict = degraded_outbound_verdict(
        message.degradation.value_or(Degradation::kNoOutboundTenants), message.in_force);
    return;
  }
  message.verdict = unjudged_verdict(
      message.is_refused() ? Verdict::Kind::kRefused : Verdict::Kind::kOutbound, message.in_force);
  message.verdict.is_outbound = true;
  if (message.is_refused()) {
    return;
  }
  for (std::string& name : message.tenant_guard->proof_fields()) {
    message.inbound.stamps.push_back({.name = std::move(name), .occurrence = 1});
  }
}

void Session::keep_results(Message& message, std::string_view value) const {
  const std::size_t occurrence = ++message.field_counts[std::string{kAuthenticationResults}];
  if (claimed_authserv_id(value) == authserv_id_) {
    message.forged_results.push_back(
        {.name = std::string{kAuthenticationResults}, .occurrence = occurrence});
  }
  keep_authentication_results(message.results, value);
}

void Session::strip_forged_results(Message& message) {
  std::vector<RemovedField>& removed = message.inbound.stamps;
  removed.insert(removed.end(), message.forged_results.begin(), message.forged_results.end());
  message.forged_results.clear();
}

void Session::keep_field(Message& message, std::string_view name, std::string_view value) const {
  const std::string_view bare = without_blanks_behind(name);
  const bool is_ours = is_stamp(bare);
  std::vector<InboundField>* fields = nullptr;
  if (message.keeps_subjects && equal_ignoring_case(bare, "Subject")) {
    fields = &message.inbound.subjects;
  } else if (message.keeps_senders && is_sender_field(bare)) {
    fields = &message.inbound.senders;
  }
  if (!is_ours && fields == nullptr) {
    return;
  }
  const std::size_t occurrence = ++message.field_counts[policy::fold_case(bare)];
  if (is_ours) {
    message.inbound.stamps.push_back({.name = std::string{bare}, .occurrence = occurrence});
  } else {
    const std::size_t most =
        message.header_octets > settings_.header_octets ? kRecordedOctets : value.size();
    fields->push_back({.name = std::string{bare},
                       .occurrence = occurrence,
                       .value = std::string{value.substr(0, most)}});
  }
}

// Whom it is for matters only where somebody else is to get it.
Enforcement Session::enforcement_of(Message& message) {
  const JudgedFinding* const deciding = message.verdict.deciding();
  if (deciding != nullptr && !deciding->decision.to.empty()) {
    message.inbound.recipients = message.recipients.all();
  }
  return enforce(message.verdict, message.inbound, message.senders());
}

// What only the record of a finding needs.
void Session::record_finding(Message& message) {
  message.record.recipients = message.recipients.all();
  const policy::MessageSenders& senders = message.senders();
  for (const policy::SenderField* field : {&senders.from, &senders.sender, &senders.reply_to}) {
    const bool has_finding = std::ranges::any_of(
        message.verdict.findings,
        [&](const JudgedFinding& judged) { return judged.finding.field == field->name; });
    if (has_finding) {
      message.record.shown.push_back(shown_of(*field));
    }
  }
  if (message.in_force.detector == nullptr || !message.judgement.has_value()) {
    return;
  }
  const policy::DirectoryView& view = message.in_force.detector->view();
  for (const std::string& recipient : message.judgement->message().recipients) {
    message.record.recipient_organizations.push_back(
        view.organization_of_domain(policy::domain_of(recipient)));
  }
}

void Session::finish(Message& message, std::string_view queue_id) {
  message.record.queue_id = queue_id;
  if (!message.verdict.findings.empty()) {
    message.record.helo = helo_;
    record_finding(message);
  }
  host_.report(message.verdict, message.record);
  message_.reset();
}

}  // namespace gateway
