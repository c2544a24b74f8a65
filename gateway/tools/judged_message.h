// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/networks.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/message_senders.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What results of SPF and DKIM are told beside DMARC's.
struct ToldAuthentication {
  policy::AuthenticationResults::Dmarc dmarc = policy::AuthenticationResults::Dmarc::kUnknown;
  bool spf_passed = false;
  std::vector<std::string> dkim_domains;  ///< that passed; canonical
};

/// A message that is judged outside of the mail path.
struct ToldMessage {
  std::string header;  ///< raw header block, with or without a body behind it
  std::optional<std::vector<std::string>> recipients;  ///< absent: every organization is asked
  std::string mail_from;
  std::string client_ip;
  std::string helo;
  std::optional<ToldAuthentication> authentication;
};

/// What became of it.
struct JudgedMessage {
  policy::MessageSenders senders;
  std::vector<std::string> from_octets;  ///< each From field as it stands
  Verdict verdict;
};

/// Works out who sent a message; asked only where the verdict hangs on it.
using Authenticate = std::function<AuthenticationOutcome(const AuthenticationNeed&)>;

/// Judges as the mail path would. `explanation` may be null. Without `authenticate` and without
/// authentication that is told, the address alone decides.
[[nodiscard]] JudgedMessage judge_told_message(const ToldMessage& message,
                                               const InForce& in_force,
                                               const SessionSettings& settings,
                                               policy::Explanation* explanation,
                                               const Authenticate& authenticate = {});

}  // namespace gateway
