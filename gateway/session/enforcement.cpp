// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/enforcement.h"

#include "gateway/session/stamp.h"
#include "gateway/session/verdict.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

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

void add_headers(Enforcement& enforcement, const policy::Decision& decision) {
  for (const auto& [name, value] : decision.headers) {
    enforcement.added.push_back({.name = name, .value = value});
  }
}

std::string degraded_text(const Verdict& verdict) {
  return "fromguard could not judge this message (" +
         std::string{verdict.degradation.has_value() ? word(*verdict.degradation) : ""} +
         "), please try again later";
}

void add_reply(Enforcement& enforcement, const Verdict& verdict) {
  const JudgedFinding* deciding = verdict.deciding();
  const bool is_by_rule = deciding != nullptr && deciding->decision.action == verdict.action();
  if (is_by_rule) {
    enforcement.reply = {.code = deciding->decision.reply_code,
                         .enhanced_code = deciding->decision.enhanced_code,
                         .text = deciding->decision.reply_text};
  } else {
    enforcement.reply = {.code = "451", .enhanced_code = "4.7.1", .text = degraded_text(verdict)};
  }
}

void carry_out(Enforcement& enforcement, const Verdict& verdict) {
  const JudgedFinding* deciding = verdict.deciding();
  switch (verdict.action()) {
    case ActionKind::kAccept: break;
    case ActionKind::kTag:
      if (deciding != nullptr) {
        add_headers(enforcement, deciding->decision);
      }
      break;
    case ActionKind::kQuarantine:
      enforcement.quarantine_reason = deciding != nullptr
                                          ? policy::visible_ascii(deciding->finding.reason)
                                          : degraded_text(verdict);
      break;
    case ActionKind::kTempFail:
      enforcement.outcome = Enforcement::Outcome::kTempFail;
      add_reply(enforcement, verdict);
      break;
    case ActionKind::kReject:
      enforcement.outcome = Enforcement::Outcome::kReject;
      add_reply(enforcement, verdict);
      break;
  }
}

}  // namespace

Enforcement enforce(const Verdict& verdict, const std::vector<RemovedField>& inbound_stamps) {
  Enforcement enforcement;
  if (verdict.kind == Verdict::Kind::kSkipped) {
    return enforcement;
  }
  enforcement.removed.assign(inbound_stamps.rbegin(), inbound_stamps.rend());
  if (verdict.mode == policy::Mode::kEnforce) {
    carry_out(enforcement, verdict);
  }
  if (is_stamped(verdict)) {
    add_stamp(enforcement, verdict);
  }
  return enforcement;
}

}  // namespace gateway
