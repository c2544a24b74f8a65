// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/authentication.h"
#include "policy/verdict/finding.h"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

/// Which way a message goes.
enum class Direction {
  kInbound,   ///< from outside
  kOutbound,  ///< from somebody of ours who logged in (`inspect_authenticated`)
};

[[nodiscard]] std::string_view word(Direction direction);

/// What a decision is made from. Refers to what the caller holds.
struct DecisionFacts {
  const Finding& finding;
  std::span<const std::string> recipients;  ///< canonical addresses
  Direction direction = Direction::kInbound;
  /// Null: not worked out, which counts as nothing proved.
  const AuthenticationResults* authentication = nullptr;
  std::chrono::sys_days today;  ///< exceptions expire after it
};

/// What the policy says about one finding.
struct Decision {
  Disposition disposition = Disposition::kSpoof;
  ActionKind action = ActionKind::kTag;
  std::string rule;                ///< name of the rule that matched; empty: the default
  std::vector<std::string> lists;  ///< names of the lists by which the rule matched
  std::vector<std::pair<std::string, std::string>> headers;  ///< that `tag` adds: name and value
  std::string subject_prefix;   ///< of `tag`: UTF-8; empty: the subject stays
  std::vector<std::string> to;  ///< of `quarantine`, `redirect`, `copy`: canonical addresses
  std::string reply_code;       ///< of `reject` and `tempfail`: "550"
  std::string enhanced_code;    ///< of the same: "5.7.1"
  std::string reply_text;       ///< of the same: printable ASCII on one line

  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace policy
