// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/gateway_host.h"

#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/event.h"
#include "policy/name/match.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"

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

std::string noted_text(const std::vector<policy::Finding>& noted) {
  std::string all;
  for (const policy::Finding& finding : noted) {
    all += all.empty() ? "" : ",";
    all += finding.match.has_value() ? word(*finding.match) : word(finding.kind);
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
  log_findings(verdict, message);
  log_exceptions(verdict, message);
  log_shadow(verdict, message);
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

void GatewayHost::log_findings(const Verdict& verdict, const MessageRecord& message) const {
  if (verdict.findings.empty()) {
    return;
  }
  const std::string recipients = joined(message.recipients);
  const std::string reply_to = joined(message.reply_to);
  const std::string noted = noted_text(verdict.noted);
  for (const JudgedFinding& judged : verdict.findings) {
    const policy::Finding& finding = judged.finding;
    const bool decides = &judged == verdict.deciding();
    log_.write(
        EventId::kDetection,
        {{.key = "organization", .value = std::string_view{finding.organization_name}},
         {.key = "finding", .value = word(finding.kind)},
         {.key = "match",
          .value = finding.match.has_value() ? word(*finding.match) : std::string_view{"none"}},
         {.key = "field", .value = word(finding.field)},
         {.key = "person", .value = std::string_view{finding.person}},
         {.key = "address", .value = std::string_view{finding.address}},
         {.key = "reason", .value = std::string_view{finding.reason}},
         {.key = "disposition", .value = word(judged.decision.disposition)},
         {.key = "action", .value = word(judged.decision.action)},
         {.key = "decides", .value = decides},
         {.key = "mode",
          .value =
              std::string_view{verdict.mode == policy::Mode::kEnforce ? "enforce" : "monitor"}},
         {.key = "rule", .value = std::string_view{judged.decision.rule}},
         {.key = "policy", .value = std::string_view{verdict.policy_digest}},
         {.key = "generation", .value = std::uint64_t{verdict.generation}},
         {.key = "message_id", .value = std::string_view{message.message_id}},
         {.key = "client", .value = std::string_view{message.client}},
         {.key = "mail_from", .value = std::string_view{message.mail_from}},
         {.key = "recipients", .value = std::string_view{recipients}},
         {.key = "from", .value = std::string_view{message.from}},
         {.key = "reply_to", .value = std::string_view{reply_to}},
         {.key = "authentication", .value = std::string_view{verdict.authentication_results}},
         {.key = "noted", .value = std::string_view{noted}}},
        message.queue_id);
  }
}

}  // namespace gateway
