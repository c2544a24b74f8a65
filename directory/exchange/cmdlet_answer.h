// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/cmdlet.h"
#include "directory/http/client.h"

#include <chrono>
#include <optional>
#include <string>

namespace directory {

/// An answer of Exchange, or what it means that there is none.
struct JudgedCmdlet {
  CmdletResult result;
  unsigned status = 0;                                 ///< of HTTP; 0 if there was no response
  std::string next_link;                               ///< of a list that goes on; empty for most
  std::optional<std::chrono::milliseconds> asked_for;  ///< the pause that the service asks for
};

/// Tells answers from failures, by the type in the error's details. A failed cmdlet names itself in
/// the text. Success without a body is an empty answer. What the service is known to answer:
/// https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2
[[nodiscard]] JudgedCmdlet judge_cmdlet(const HttpResponse& response, const Cmdlet& cmdlet);

}  // namespace directory
