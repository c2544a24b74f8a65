// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/verdict.h"
#include "gateway/tools/judged_message.h"
#include "policy/verdict/explanation.h"

#include <string>
#include <string_view>

namespace gateway {

/// A verdict as a JSON object on one line; its members are null where there is no finding.
[[nodiscard]] std::string verdict_as_json(const Verdict& verdict);

/// One line of `explain --jsonl`: a request in, the verdict out, both JSON without line ends. A
/// line that is no request gives an answer with `error`, and `failed` is set.
[[nodiscard]] std::string answer_json_line(std::string_view line,
                                           const InForce& in_force,
                                           const SessionSettings& settings,
                                           bool& failed);

/// The answer of `explain --json`: as for a line, with the steps.
[[nodiscard]] std::string explain_as_json(const JudgedMessage& judged,
                                          const policy::Explanation& explanation);

}  // namespace gateway
