// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/stub_resolver.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/tools/judged_message.h"
#include "policy/exit_status.h"

#include <filesystem>
#include <iosfwd>

namespace gateway {

/// What `explain` is asked beside the message.
struct ExplainRequest {
  std::filesystem::path message;  ///< "-" or empty: standard input
  ToldMessage told;               ///< envelope; its header is read from `message`
  bool as_json = false;
};

/// Explains the verdict on one message, step by step. Where the verdict hangs on authentication and
/// a client's address is told, it is worked out over the network, by the name servers of `dns`.
[[nodiscard]] policy::ExitStatus explain(ExplainRequest request,
                                         const InForce& in_force,
                                         const SessionSettings& settings,
                                         const DnsSettings& dns,
                                         std::ostream& output);

/// Answers requests, one a line, in their order, on all cores, in bounded memory. Ends with
/// `kBadData` if any line was no request.
[[nodiscard]] policy::ExitStatus explain_lines(const InForce& in_force,
                                               const SessionSettings& settings,
                                               std::istream& input,
                                               std::ostream& output);

}  // namespace gateway
