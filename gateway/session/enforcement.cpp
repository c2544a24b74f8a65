// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/enforcement.h"

#include "gateway/message/octets.h"
#include "gateway/relay_guards/relay_objection.h"
#include "gateway/session/rewriting.h"
#include "gateway/session/stamp.h"
#include "gateway/session/verdict.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ActionKind;

bool is_stamped(const Verdict& verdict) {
  switch (verdict.stamp) {
    case policy::StampWhen::kAll: return true;
    case policy::StampWhen::kNone: return false;
    case policy::StampWhen::kFindings: break;
  }
  return verdict.kind == Verdict::Kind::kFinding || verdict.degradation.has_value();
}

void add_stamp(Enforcement& enforcement, const Verdict& verdict) {
  if (std::string reason = reason_value(verdict); !reason.empty()) {
    enforcement.added.push_back({.name = kReasonField, .value = std::move(reason)});
  }
  enforcement.added.push_back({.name = kResultField, .value = result_value(verdict)});
}

const policy::SenderField& field_of(const policy::MessageSenders& senders,
                                    policy::SenderFieldName name) {
  switch (name) {
    case policy::SenderFieldName::kFrom: break;
    case policy::SenderFieldName::kSender: return senders.sender;
    case policy::SenderFieldName::kReplyTo: return senders.reply_to;
  }
  return senders.from;
}

std::string header_name(policy::SenderFieldName name) {
  switch (name) {
    case policy::SenderFieldName::kFrom: break;
    case policy::SenderFieldName::kSender: return "Sender";
    case policy::SenderFieldName::kReplyTo: return "Reply-To";
  }
  return "From";
}

// Carries out what a rule says, but for replies.
class RuleEnforcement {
 public:
  RuleEnforcement(Enforcement& enforcement,
                  const JudgedFinding& judged,
                  const InboundMessage& inbound)
      : enforcement_(enforcement), judged_(judged), inbound_(inbound) {}

  void tag() {
    for (const auto& [name, value] : judged_.decision.headers) {
      add(name, value);
    }
    if (!judged_.decision.subject_prefix.empty()) {
      prefix_subjects(judged_.decision.subject_prefix);
    }
  }

  // All fields of the name are shown by one client or another, so one says it all.
  void expose(const policy::MessageSenders& senders) {
    const std::string name = header_name(judged_.finding.field);
    std::string value = exposed_value(field_of(senders, judged_.finding.field));
    bool is_first = true;
    std::vector<RemovedField> others;
    for (const InboundField& field : inbound_.senders) {
      if (!equal_ignoring_case(field.name, name)) {
        continue;
      }
      add("X-Original-" + name, kept_value(field.value));
      if (std::exchange(is_first, false)) {
        enforcement_.changed.push_back(
            {.name = field.name, .occurrence = field.occurrence, .value = value});
      } else {
        others.push_back({.name = field.name, .occurrence = field.occurrence});
      }
    }
    enforcement_.removed.insert(enforcement_.removed.end(), others.rbegin(), others.rend());
    if (is_first) {
      add(name, std::move(value));
    }
  }

  void copy() {
    for (const std::string& address : judged_.decision.to) {
      if (!goes_to(address)) {
        enforcement_.added_recipients.push_back(address);
      }
    }
  }

  void redirect() {
    copy();
    for (const std::string& recipient : inbound_.recipients) {
      if (std::ranges::find(judged_.decision.to, policy::canonical_address(recipient)) ==
          judged_.decision.to.end()) {
        enforcement_.removed_recipients.push_back(recipient);
      }
    }
    for (std::string& value : address_list_values(inbound_.recipients)) {
      add(kRecipientsField, std::move(value));
    }
  }

  void quarantine() {
    if (judged_.decision.to.empty()) {
      enforcement_.quarantine_reason = policy::visible_ascii(judged_.finding.reason);
    } else {
      redirect();
    }
  }

 private:
  void add(std::string name, std::string value) {
    enforcement_.added.push_back({.name = std::move(name), .value = std::move(value)});
  }

  void prefix_subjects(const std::string& prefix) {
    for (const InboundField& subject : inbound_.subjects) {
      std::string value = prefixed_subject(prefix, subject.value);
      if (value != subject.value) {
        add("X-Original-Subject", kept_value(subject.value));
        enforcement_.changed.push_back(
            {.name = subject.name, .occurrence = subject.occurrence, .value = std::move(value)});
      }
    }
    if (inbound_.subjects.empty()) {
      add("Subject", encode_unstructured(prefix));
    }
  }

  [[nodiscard]] bool goes_to(const std::string& address) const {
    return std::ranges::any_of(inbound_.recipients, [&](const std::string& recipient) {
      return policy::canonical_address(recipient) == address;
    });
  }

  Enforcement& enforcement_;
  const JudgedFinding& judged_;
  const InboundMessage& inbound_;
};

std::string degraded_text(const Verdict& verdict) {
  return "fromguard could not judge this message (" +
         std::string{verdict.degradation.has_value() ? word(*verdict.degradation) : ""} +
         "), please try again later";
}

void carry_out_rule(Enforcement& enforcement,
                    const JudgedFinding& judged,
                    const InboundMessage& inbound,
                    const policy::MessageSenders& senders) {
  RuleEnforcement rule{enforcement, judged, inbound};
  const policy::Decision& decision = judged.decision;
  const auto reply_with = [&](Enforcement::Outcome outcome) {
    enforcement.outcome = outcome;
    enforcement.reply = {.code = decision.reply_code,
                         .enhanced_code = decision.enhanced_code,
                         .text = decision.reply_text};
  };
  switch (decision.action) {
    case ActionKind::kAccept: break;
    case ActionKind::kTag: rule.tag(); break;
    case ActionKind::kCopy: rule.copy(); break;
    case ActionKind::kExpose: rule.expose(senders); break;
    case ActionKind::kRedirect: rule.redirect(); break;
    case ActionKind::kQuarantine: rule.quarantine(); break;
    case ActionKind::kDiscard: enforcement.outcome = Enforcement::Outcome::kDiscard; break;
    case ActionKind::kTempFail: reply_with(Enforcement::Outcome::kTempFail); break;
    case ActionKind::kReject: reply_with(Enforcement::Outcome::kReject); break;
  }
}

// What `degraded` of gateway.yaml can ask for.
void carry_out_degraded(Enforcement& enforcement, const Verdict& verdict) {
  if (verdict.degraded_action == ActionKind::kQuarantine) {
    enforcement.quarantine_reason = degraded_text(verdict);
  } else if (verdict.degraded_action == ActionKind::kTempFail) {
    enforcement.outcome = Enforcement::Outcome::kTempFail;
    enforcement.reply = {.code = "451", .enhanced_code = "4.7.1", .text = degraded_text(verdict)};
    if (verdict.degradation == Degradation::kRecipients) {
      // As an MTA says it (RFC 5321, 4.5.3.1.10).
      enforcement.reply = {.code = "452",
                           .enhanced_code = "4.5.3",
                           .text = "Too many recipients, please send to fewer at a time"};
    }
  }
}

Enforcement refuse(const RelayObjection& objection) {
  Enforcement enforcement;
  enforcement.outcome = Enforcement::Outcome::kReject;
  enforcement.reply = {.code = "550",
                       .enhanced_code = is_loop(objection.kind) ? "5.4.6" : "5.7.1",
                       .text = std::string{reply_text(objection.kind)}};
  return enforcement;
}

}  // namespace

Enforcement enforce(const Verdict& verdict,
                    const InboundMessage& inbound,
                    const policy::MessageSenders& senders) {
  Enforcement enforcement;
  if (verdict.kind == Verdict::Kind::kSkipped) {
    return enforcement;
  }
  if (verdict.kind == Verdict::Kind::kRefused && verdict.objection.has_value()) {
    return refuse(*verdict.objection);
  }
  enforcement.removed.assign(inbound.stamps.rbegin(), inbound.stamps.rend());
  if (verdict.is_outbound) {
    carry_out_degraded(enforcement, verdict);
    return enforcement;
  }
  if (verdict.mode == policy::Mode::kEnforce) {
    const JudgedFinding* deciding = verdict.deciding();
    if (deciding != nullptr && deciding->decision.action == verdict.action()) {
      carry_out_rule(enforcement, *deciding, inbound, senders);
    } else {
      carry_out_degraded(enforcement, verdict);
    }
  }
  if (!verdict.authentication_results.empty()) {
    enforcement.added.push_back(
        {.name = "Authentication-Results", .value = verdict.authentication_results});
  }
  if (is_stamped(verdict)) {
    add_stamp(enforcement, verdict);
  }
  return enforcement;
}

}  // namespace gateway
