// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/gateway_host.h"

#include "gateway/detections/detection_writer.h"
#include "gateway/detections/records_of_message.h"
#include "gateway/relay_guards/relay_objection.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/detection_record/detection_record.h"
#include "policy/event.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using policy::EventId;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += all.empty() ? text : ',' + text;
  }
  return all;
}

std::string noted_text(const std::vector<policy::NotedMatch>& noted) {
  std::string all;
  for (const policy::NotedMatch& each : noted) {
    all += all.empty() ? "" : ",";
    all += each.match.empty() ? each.finding : each.match;
  }
  return all;
}

}  // namespace

void GatewayHost::report(const Verdict& verdict, const MessageRecord& message) {
  metrics_.count_message(verdict, message.judging);
  if (verdict.degradation.has_value()) {
    log_.write(EventId::kMessageDegraded,
               {{.key = "why", .value = word(*verdict.degradation)},
                {.key = "action", .value = word(verdict.action())},
                {.key = "client", .value = std::string_view{message.client}},
                {.key = "mail_from", .value = std::string_view{message.mail_from}}},
               message.queue_id);
  }
  for (const policy::FieldLimit limit : verdict.limits) {
    log_.write(EventId::kLimitReached,
               {{.key = "what", .value = word(limit)},
                {.key = "client", .value = std::string_view{message.client}}},
               message.queue_id);
  }
  log_objection(verdict, message);
  report_findings(verdict, message);
  log_exceptions(verdict, message);
  log_shadow(verdict, message);
}

void GatewayHost::log_objection(const Verdict& verdict, const MessageRecord& message) const {
  const auto& objection = verdict.objection;
  if (!objection.has_value()) {
    return;
  }
  const bool is_refused = verdict.kind == Verdict::Kind::kRefused;
  log_.write(is_loop(objection->kind) ? EventId::kRoutingLoop : EventId::kOutboundRefused,
             {{.key = "why", .value = word(objection->kind)},
              {.key = "seen", .value = std::string_view{objection->seen}},
              {.key = "action", .value = std::string_view{is_refused ? "reject" : "none"}},
              {.key = "client", .value = std::string_view{message.client}},
              {.key = "mail_from", .value = std::string_view{message.mail_from}},
              {.key = "message_id", .value = std::string_view{message.message_id}}},
             message.queue_id);
}

void GatewayHost::log_exceptions(const Verdict& verdict, const MessageRecord& message) const {
  for (const std::string& exception : verdict.exceptions) {
    log_.write(EventId::kException,
               {{.key = "exception", .value = std::string_view{exception}},
                {.key = "policy", .value = std::string_view{verdict.policy_digest}},
                {.key = "client", .value = std::string_view{message.client}},
                {.key = "from", .value = std::string_view{message.from}}},
               message.queue_id);
  }
}

void GatewayHost::log_shadow(const Verdict& verdict, const MessageRecord& message) const {
  const auto action = [](const std::optional<policy::Decision>& decision) {
    return decision.has_value() ? word(decision->action) : std::string_view{"none"};
  };
  const auto rule = [](const std::optional<policy::Decision>& decision) {
    return decision.has_value() ? std::string_view{decision->rule} : std::string_view{};
  };
  for (const ShadowDifference& difference : verdict.shadow_differences) {
    log_.write(EventId::kShadowDifference,
               {{.key = "reason", .value = std::string_view{difference.finding.reason}},
                {.key = "action", .value = action(difference.decision)},
                {.key = "rule", .value = rule(difference.decision)},
                {.key = "shadow_action", .value = action(difference.shadow)},
                {.key = "shadow_rule", .value = rule(difference.shadow)},
                {.key = "policy", .value = std::string_view{verdict.policy_digest}}},
               message.queue_id);
  }
}

// One record a finding: what is kept is what is logged.
void GatewayHost::report_findings(const Verdict& verdict, const MessageRecord& message) const {
  if (verdict.findings.empty()) {
    return;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  for (policy::DetectionRecord& record : records_of_message(verdict, message, seconds)) {
    if (detections_ != nullptr) {
      record.id = detections_->keep(record);
    }
    log_detection(record);
  }
}

void GatewayHost::log_detection(const policy::DetectionRecord& record) const {
  const std::string id = record.id.is_nil() ? "" : record.id.text();
  const std::string recipients = joined(record.recipients);
  const std::string shown = joined(record.shown);
  const std::string reply_to = joined(record.reply_to);
  const std::string noted = noted_text(record.noted);
  const std::string_view match = record.match.empty() ? "none" : std::string_view{record.match};
  log_.write(EventId::kDetection,
             {{.key = "id", .value = std::string_view{id}},
              {.key = "organization", .value = std::string_view{record.organization}},
              {.key = "finding", .value = std::string_view{record.finding}},
              {.key = "match", .value = match},
              {.key = "field", .value = std::string_view{record.field}},
              {.key = "person", .value = std::string_view{record.person}},
              {.key = "address", .value = std::string_view{record.address}},
              {.key = "reason", .value = std::string_view{record.reason}},
              {.key = "disposition", .value = std::string_view{record.disposition}},
              {.key = "action", .value = std::string_view{record.action}},
              {.key = "decides", .value = record.decides},
              {.key = "mode", .value = std::string_view{record.mode}},
              {.key = "rule", .value = std::string_view{record.rule}},
              {.key = "policy", .value = std::string_view{record.policy}},
              {.key = "generation", .value = record.generation},
              {.key = "message_id", .value = std::string_view{record.message_id}},
              {.key = "client", .value = std::string_view{record.client}},
              {.key = "helo", .value = std::string_view{record.helo}},
              {.key = "mail_from", .value = std::string_view{record.mail_from}},
              {.key = "recipients", .value = std::string_view{recipients}},
              {.key = "recipient_count", .value = record.recipient_count},
              {.key = "from", .value = std::string_view{record.from}},
              {.key = "shown", .value = std::string_view{shown}},
              {.key = "reply_to", .value = std::string_view{reply_to}},
              {.key = "authentication", .value = std::string_view{record.authentication}},
              {.key = "noted", .value = std::string_view{noted}}},
             record.queue_id);
}

}  // namespace gateway
