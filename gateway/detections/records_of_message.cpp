// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/records_of_message.h"

#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/detection_record/detection_record.h"
#include "policy/name/match.h"
#include "policy/people/person.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway {
namespace {

std::string match_word(const policy::Finding& finding) {
  return finding.match.has_value() ? std::string{word(*finding.match)} : std::string{};
}

bool are_same(const policy::Finding& a, const policy::Finding& b) {
  return a.organization == b.organization && a.kind == b.kind && a.match == b.match &&
         a.field == b.field && a.person_number == b.person_number && a.address == b.address;
}

void add_message(policy::DetectionRecord& record, const MessageRecord& message) {
  record.queue_id = message.queue_id;
  record.message_id = message.message_id;
  record.client = message.client;
  record.helo = message.helo;
  record.mail_from = message.mail_from;
  record.from = message.from;
  record.reply_to = message.reply_to;
}

void add_recipients(policy::DetectionRecord& record,
                    const MessageRecord& message,
                    policy::OrganizationNumber organization) {
  const std::size_t known =
      std::min(message.recipients.size(), message.recipient_organizations.size());
  for (std::size_t i = 0; i < known; ++i) {
    if (message.recipient_organizations[i] != organization) {
      continue;
    }
    ++record.recipient_count;
    if (record.recipients.size() < policy::kMostRecipients) {
      record.recipients.push_back(message.recipients[i]);
    }
  }
}

void add_finding(policy::DetectionRecord& record,
                 const policy::Finding& finding,
                 const MessageRecord& message) {
  record.organization = finding.organization_name;
  const auto shown = std::ranges::find(message.shown, finding.field, &MessageRecord::Shown::field);
  if (shown != message.shown.end()) {
    record.shown = shown->texts;
  }
  record.person = finding.person;
  record.address = finding.address;
  record.finding = word(finding.kind);
  record.match = match_word(finding);
  record.field = word(finding.field);
  record.reason = finding.reason;
}

void add_decision(policy::DetectionRecord& record,
                  const JudgedFinding& judged,
                  const Verdict& verdict) {
  record.disposition = word(judged.decision.disposition);
  record.action = word(judged.decision.action);
  record.decides = &judged == verdict.deciding();
  record.mode = word(verdict.mode);
  record.rule = judged.decision.rule;
  record.policy = verdict.policy_digest;
  record.generation = verdict.generation;
  record.authentication = verdict.authentication_results;
  if (judged.is_authenticated.has_value()) {
    record.authenticated = *judged.is_authenticated ? "pass" : "fail";
  }
  for (const ShadowDifference& difference : verdict.shadow_differences) {
    if (!are_same(difference.finding, judged.finding)) {
      continue;
    }
    const std::optional<policy::Decision>& shadow = difference.shadow;
    record.shadow_action = shadow.has_value() ? word(shadow->action) : "none";
    record.shadow_rule = shadow.has_value() ? shadow->rule : "";
  }
}

void add_noted(policy::DetectionRecord& record,
               const Verdict& verdict,
               policy::OrganizationNumber organization) {
  for (const policy::Finding& noted : verdict.noted) {
    if (noted.organization == organization && record.noted.size() < policy::kMostRecordedItems) {
      record.noted.push_back({.finding = std::string{word(noted.kind)},
                              .match = match_word(noted),
                              .reason = noted.reason});
    }
  }
}

}  // namespace

std::vector<policy::DetectionRecord> records_of_message(const Verdict& verdict,
                                                        const MessageRecord& message,
                                                        std::int64_t time) {
  std::vector<policy::DetectionRecord> records;
  records.reserve(verdict.findings.size());
  for (const JudgedFinding& judged : verdict.findings) {
    policy::DetectionRecord& record = records.emplace_back();
    record.time = time;
    add_message(record, message);
    add_recipients(record, message, judged.finding.organization);
    add_finding(record, judged.finding, message);
    add_decision(record, judged, verdict);
    add_noted(record, verdict, judged.finding.organization);
  }
  return records;
}

}  // namespace gateway
