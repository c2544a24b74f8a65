// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/session/verdict.h"
#include "policy/people/person.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/policy.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What a message gets when it cannot be judged (`degraded` in gateway.yaml).
struct DegradedActions {
  policy::ActionKind no_snapshot = policy::ActionKind::kTempFail;
  policy::ActionKind stale_snapshot = policy::ActionKind::kTag;
  policy::ActionKind internal_error = policy::ActionKind::kTempFail;
  policy::ActionKind authentication_unavailable = policy::ActionKind::kTag;
};

/// The catalogue that ships, which lives as long as the program.
[[nodiscard]] std::shared_ptr<const policy::DelegatedSenders> built_in_delegated_senders();

/// The policy, the generation and the tenants that a message is judged by, taken together when it
/// starts and kept to its end.
struct InForce {
  std::shared_ptr<const policy::Policy> policy;      ///< never null
  std::shared_ptr<const policy::Detector> detector;  ///< null: there is no snapshot
  /// Never null.
  std::shared_ptr<const policy::DelegatedSenders> delegated_senders = built_in_delegated_senders();
  /// Whose outbound mail the relay carries; null: nobody has said yet.
  std::shared_ptr<const OutboundTenants> outbound_tenants = nullptr;
  bool is_stale = false;                          ///< the generation is older than allowed
  std::chrono::sys_days today = policy::today();  ///< exceptions expire after it
};

/// What is known of a message when it is judged.
struct MessageFacts {
  policy::MessageSenders senders;
  std::vector<std::string> recipients;  ///< canonical addresses
  /// Every organization is asked, whatever the recipients: for `explain` without recipients.
  bool ask_every_organization = false;
  policy::Direction direction = policy::Direction::kInbound;
  /// Absent: not worked out, and the address alone decides.
  std::optional<policy::AuthenticationResults> authentication;
  /// What might have passed could not be had: DNS failed, or a check took too long.
  bool is_authentication_unavailable = false;
};

/// What must be known of a message's authentication before it can be judged.
struct AuthenticationNeed {
  std::string from_domain;  ///< of its one From address, canonical
  bool only_if_published;   ///< nothing, where the domain publishes no DMARC record
  bool needs_dkim;          ///< whether DKIM passed, whatever SPF says
};

/// One message on its way to a verdict: total, deterministic, without I/O but the generation's
/// look-ups. Refers to what it is made with. For one thread.
class Judgement {
 public:
  /// Looks for protected people. `explanation` may be null.
  Judgement(MessageFacts message,
            const InForce& in_force,
            const DegradedActions& degraded,
            policy::Explanation* explanation);

  /// What the verdict hangs on; nothing where it is known or does not matter.
  [[nodiscard]] std::optional<AuthenticationNeed> need() const;

  /// Tells what was needed.
  void authenticate(const policy::AuthenticationResults& results, bool is_unavailable);

  /// The verdict, by what is known now. Called once.
  [[nodiscard]] Verdict verdict();

  [[nodiscard]] const MessageFacts& message() const { return message_; }

 private:
  [[nodiscard]] bool may_be_excused(const policy::Finding& finding) const;
  [[nodiscard]] std::optional<policy::Exemption> possible_exemption(
      const policy::Finding& finding) const;
  [[nodiscard]] bool is_spoofed() const;
  void remove_exempt();

  MessageFacts message_;
  const InForce& in_force_;
  const DegradedActions& degraded_;
  policy::Explanation* explanation_;
  std::vector<policy::OrganizationNumber> asked_;
  std::optional<policy::Detection> detection_;  // absent: a look-up failed, or there is no snapshot
};

/// A verdict of this kind on a message whose names are not looked at.
[[nodiscard]] Verdict unjudged_verdict(Verdict::Kind kind, const InForce& in_force);

/// The verdict on outbound mail of which it cannot be told whose it is: 451, whatever `degraded`
/// and `mode` say, or the relay would be open to everybody.
[[nodiscard]] Verdict degraded_outbound_verdict(Degradation why, const InForce& in_force);

/// The verdict on a message that is not judged for this reason.
[[nodiscard]] Verdict degraded_verdict(Degradation why,
                                       const InForce& in_force,
                                       const DegradedActions& degraded);

}  // namespace gateway
