// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/verdict.h"
#include "policy/people/person.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/explanation.h"
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
};

/// The catalogue that ships, which lives as long as the program.
[[nodiscard]] std::shared_ptr<const policy::DelegatedSenders> built_in_delegated_senders();

/// The policy and the generation that a message is judged by, taken together when it starts and
/// kept to its end.
struct InForce {
  std::shared_ptr<const policy::Policy> policy;      ///< never null
  std::shared_ptr<const policy::Detector> detector;  ///< null: there is no snapshot
  /// Never null.
  std::shared_ptr<const policy::DelegatedSenders> delegated_senders = built_in_delegated_senders();
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
};

/// Judges a message: total, deterministic, without I/O but the generation's look-ups. Thread-safe.
/// `explanation` may be null.
[[nodiscard]] Verdict judge(const MessageFacts& message,
                            const InForce& in_force,
                            const DegradedActions& degraded,
                            policy::Explanation* explanation);

/// The verdict on a message that is not judged for this reason.
[[nodiscard]] Verdict degraded_verdict(Degradation why,
                                       const InForce& in_force,
                                       const DegradedActions& degraded);

}  // namespace gateway
