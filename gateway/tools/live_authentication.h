// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authenticator.h"
#include "gateway/session/judge.h"
#include "gateway/tools/judged_message.h"
#include "policy/result.h"
#include "policy/verdict/explanation.h"

#include <string>

namespace gateway {

/// Works out who sent a message as the mail path would, over the network, and tells in steps which
/// records were asked for and what came of SPF, DKIM and DMARC. Nothing is started before. Waits
/// for up to `header_time` and `body_time` of the settings.
///
/// `body` is the message's own, lines ending in LF or CRLF. `kInvalidInput` where `client_ip` is no
/// address; else the errors of `Authenticator::start`.
[[nodiscard]] policy::Result<AuthenticationOutcome> authenticate_live(
    const ToldMessage& message,
    const std::string& body,
    const AuthenticationNeed& need,
    AuthenticationSettings settings,
    policy::Explanation& explanation);

}  // namespace gateway
