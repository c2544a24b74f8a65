// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/authentication.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace policy {

/// Why a protected name beside a foreign address is no finding after all.
enum class Exemption {
  kDelegatedSender,  ///< a service of the catalogue writes in the name of its user
  kList,             ///< a mailing list or group passes on a message of the person's own
  kSelfMail,         ///< the person writes to nobody but themself
};

[[nodiscard]] std::string_view word(Exemption exemption);

/// Which exemptions are honoured (`exempt` in policy.yaml).
struct ExemptionSwitches {
  bool delegated_senders = true;
  bool lists = true;
  bool self_mail = false;

  friend bool operator==(const ExemptionSwitches&, const ExemptionSwitches&) = default;
};

/// What an exemption is decided from; refers to what the caller holds.
struct ExemptionFacts {
  const MessageSenders& senders;
  const AuthenticationResults& authentication;
  std::span<const std::string> recipients;  ///< canonical addresses
  std::span<const Finding> findings;        ///< all of the message
  const DelegatedSenders& delegated_senders;
};

/// Whether `finding`, one of `facts.findings`, does not stand, and why. Only a `protected_name` in
/// From is ever exempt, and only if the one address there is of a domain that is authenticated and
/// aligned.
[[nodiscard]] std::optional<Exemption> exemption_of(const Finding& finding,
                                                    const ExemptionFacts& facts,
                                                    const ExemptionSwitches& switches);

}  // namespace policy
