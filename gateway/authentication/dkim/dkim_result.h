// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/helper/helper_message.h"

#include <string>
#include <string_view>

namespace gateway {

/// RFC 8601, 2.7.1.
enum class DkimResult {
  kNone,
  kPass,
  kFail,
  kPolicy,  ///< right, but nothing to rely on: a test key, a short one, a body signed in part
  kNeutral,
  kTempError,
  kPermError,
};

/// As in Authentication-Results.
[[nodiscard]] std::string_view word(DkimResult result);

/// What came of one signature.
struct DkimOutcome {
  std::string domain;
  std::string selector;
  DkimResult result = DkimResult::kNone;
  bool is_aligned = false;  ///< with the From domain
};

/// What the library's facts about a signature mean. Facts about another signature than this are a
/// permanent error.
[[nodiscard]] DkimResult dkim_result(const DkimSignature& signature, const DkimFacts& facts);

}  // namespace gateway
