// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/verdict.h"

#include <string>
#include <string_view>

namespace gateway {

/// Names of the header fields of ours.
inline constexpr std::string_view kStampPrefix = "X-Fromguard-";
inline constexpr const char* kResultField = "X-Fromguard-Result";
inline constexpr const char* kReasonField = "X-Fromguard-Reason";
/// Who a redirected message was for.
inline constexpr const char* kRecipientsField = "X-Fromguard-Recipients";

/// Value of X-Fromguard-Result: ASCII, folded with LF and white space into lines of less than 998
/// octets, so that nothing from a message can end the field.
[[nodiscard]] std::string result_value(const Verdict& verdict);

/// Value of X-Fromguard-Reason, or empty if there is no finding: as it is where it is printable
/// ASCII, else as RFC 2047 encoded words that decode to exactly the reason.
[[nodiscard]] std::string reason_value(const Verdict& verdict);

/// `text` as a value of a `name=value` list: a token, a quoted string, or encoded words.
[[nodiscard]] std::string encode_parameter(std::string_view text);

/// `text` as a phrase of RFC 5322: a quoted string or encoded words.
[[nodiscard]] std::string encode_phrase(std::string_view text);

/// `text` as unstructured header text: as it is, or as encoded words.
[[nodiscard]] std::string encode_unstructured(std::string_view text);

}  // namespace gateway
