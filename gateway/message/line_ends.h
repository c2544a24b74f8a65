// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// The text with its lines ending in CRLF, as signatures are made over (RFC 6376, 5.3). A CR alone
/// stays.
[[nodiscard]] inline std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_bare = c == '\n' && !out.ends_with('\r');
    out += is_bare ? "\r" : "";
    out += c;
  }
  return out;
}

}  // namespace gateway
