// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "policy/exit_status.h"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

namespace gateway {

/// What `replay` is asked.
struct ReplayRequest {
  std::vector<std::filesystem::path> paths;        ///< as `MailFiles` takes them
  std::optional<std::filesystem::path> candidate;  ///< a policy to compare with
  bool as_json = false;
};

/// Where `replay` writes. They outlive the call.
struct ReplayStreams {
  std::ostream& output;
  std::ostream& errors;
  std::ostream* terminal;  ///< for progress; null for none
};

/// Judges stored mail by the policy in force, and by the candidate beside it, on all cores and in
/// bounded memory, and reports what they would have done. A generation that is old is no reason to
/// degrade a message here.
///
/// Ends with `kConfiguration` if the candidate is wrong, `kNoInput` if a path is absent, both
/// before anything is read; with `kIoError` if the output or some input failed, and `kBadData` if
/// some input is no mail, both after all else was judged and reported.
[[nodiscard]] policy::ExitStatus replay(const ReplayRequest& request,
                                        const InForce& in_force,
                                        const SessionSettings& settings,
                                        const ReplayStreams& streams);

}  // namespace gateway
