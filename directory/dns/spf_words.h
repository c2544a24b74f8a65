// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"

#include <optional>
#include <string>
#include <string_view>

namespace directory {

// What the daemon and fromguard-spf-check say to each other: a line of JSON each.

/// Which check is asked for.
struct SpfRequest {
  std::string domain;
  std::string address;
};

/// The result as Authentication-Results names it (RFC 8601, 2.7.2): `pass`, `softfail`, ...
[[nodiscard]] std::string_view word_of(SpfResult result);

/// Without the end of the line.
[[nodiscard]] std::string spf_request_line(const SpfRequest& request);
[[nodiscard]] std::string spf_answer_line(const SpfAnswer& answer);

/// Nothing for what is no such line.
[[nodiscard]] std::optional<SpfRequest> parse_spf_request(std::string_view line);
[[nodiscard]] std::optional<SpfAnswer> parse_spf_answer(std::string_view line);

}  // namespace directory
