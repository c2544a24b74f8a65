// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/relay_guards/relay_objection.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/sender_field.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Why a message could not be judged, or only in part (`degraded` in gateway.yaml).
enum class Degradation {
  kNoSnapshot,
  kStaleSnapshot,
  kInternalError,
  kConnections,
  kRecipients,  ///< the message has more than are looked at
  kAuthenticationUnavailable,
  kNoOutboundTenants,  ///< nobody has said yet whose outbound mail the relay carries
};

/// All of them.
inline constexpr std::array kDegradations{Degradation::kNoSnapshot,
                                          Degradation::kStaleSnapshot,
                                          Degradation::kInternalError,
                                          Degradation::kConnections,
                                          Degradation::kRecipients,
                                          Degradation::kAuthenticationUnavailable,
                                          Degradation::kNoOutboundTenants};

[[nodiscard]] std::string_view word(Degradation degradation);

/// A finding and what the policy says about it.
struct JudgedFinding {
  policy::Finding finding;
  policy::Decision decision;
  /// Whether the domain of the finding's address is proved to have sent the message; absent: not
  /// worked out.
  std::optional<bool> is_authenticated = std::nullopt;
};

/// A finding that the rules in `shadow` decide otherwise.
struct ShadowDifference {
  policy::Finding finding;
  std::optional<policy::Decision> decision;  ///< in force; absent: no finding
  std::optional<policy::Decision> shadow;    ///< by the shadow rules; absent: no finding
};

/// What became of one message. Names the one policy and the one generation that judged it.
struct Verdict {
  enum class Kind {
    kNoFinding,
    kFinding,
    kSkipped,   ///< not inspected: trusted network, authenticated session
    kDegraded,  ///< not judged
    kOutbound,  ///< outbound mail that is proved to be a tenant's; its names are not looked at
    kRefused,   ///< by a guard of the relay: see `objection`
  };

  Kind kind = Kind::kNoFinding;
  /// By organization, the strongest first; of people who share a name, one stands for all.
  std::vector<JudgedFinding> findings;
  std::size_t strictest = 0;           ///< index in `findings` of the one that decides
  std::vector<policy::Finding> noted;  ///< seen, but no finding under the policy
  std::vector<ShadowDifference> shadow_differences;
  std::vector<std::string> exceptions;       ///< names of those by which something is no finding
  std::vector<std::string> exception_lists;  ///< names of the lists by which these held
  std::vector<policy::FieldLimit> limits;
  /// Value of an Authentication-Results field of ours; empty where nothing was worked out.
  std::string authentication_results;

  /// Came in for outbound mail: it passes by `kOutbound` alone, whatever `mode` says.
  bool is_outbound = false;
  /// What a guard of the relay has against it. A loop in `mode: monitor` is only noted: then `kind`
  /// is what it would be without.
  std::optional<RelayObjection> objection;

  /// Also set beside a judgement: a stale snapshot still judges.
  std::optional<Degradation> degradation;
  policy::ActionKind degraded_action = policy::ActionKind::kTag;

  policy::Mode mode = policy::Mode::kMonitor;
  policy::StampWhen stamp = policy::StampWhen::kFindings;
  std::string policy_digest;
  std::uint64_t generation = 0;  ///< 0: none
  std::size_t look_ups = 0;

  /// The finding that decides; null if there is none.
  [[nodiscard]] const JudgedFinding* deciding() const {
    return findings.empty() ? nullptr : &findings.at(strictest);
  }

  /// What is to be done by the policy or the degradation, whichever is stricter; whether it is
  /// carried out is up to `mode`.
  [[nodiscard]] policy::ActionKind action() const;
};

}  // namespace gateway
