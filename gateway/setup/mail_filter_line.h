// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What sendmail.mc is to become.
struct MailFilterPlan {
  std::string text;                   ///< the whole file
  std::string line;                   ///< the line that names the gateway, in `text` if added
  std::size_t line_number = 0;        ///< from 1; where the line stands, or stood
  std::vector<std::string> before;    ///< names of the filters that are asked before it
  std::vector<std::string> warnings;  ///< what a person should look at
};

/// Names the gateway at `place` in a sendmail.mc: behind the filters that are there, ahead of
/// MAILER and of what must come last. A line for it that is there keeps its settings, whoever wrote
/// it. `kInvalidInput`: there is one that goes over several lines.
[[nodiscard]] policy::Result<MailFilterPlan> with_mail_filter(std::string_view mc,
                                                              std::string_view place);

/// Takes the lines of the gateway out again; `line` and `line_number` are those of the first.
[[nodiscard]] policy::Result<MailFilterPlan> without_mail_filter(std::string_view mc,
                                                                 std::string_view place);

/// Whether the file reads Sendmail's macros by itself, as Debian's does.
[[nodiscard]] bool includes_macros(std::string_view mc);

/// Whether a sendmail.cf asks the filter of that name at this place; empty if so, else what is
/// wrong.
[[nodiscard]] std::string fault_of_expansion(std::string_view cf, std::string_view place);

}  // namespace gateway
