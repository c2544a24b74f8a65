// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/finding.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace policy {

/// What a decision is made from. Refers to what the caller holds.
struct DecisionFacts {
  const Finding& finding;
  std::span<const std::string> recipients;  ///< canonical addresses
};

/// What the policy says about one finding.
struct Decision {
  Disposition disposition = Disposition::kSpoof;
  ActionKind action = ActionKind::kTag;
  std::string rule;  ///< name of the rule that matched; empty: the default
  std::vector<std::pair<std::string, std::string>> headers;  ///< that `tag` adds: name and value
  std::string reply_code;                                    ///< of `reject` and `tempfail`: "550"
  std::string enhanced_code;                                 ///< of the same: "5.7.1"
  std::string reply_text;  ///< of the same: printable ASCII on one line
};

}  // namespace policy
