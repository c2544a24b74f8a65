// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gateway {

/// What a Received field tells of one hop, as far as loops show in it.
struct ReceivedField {
  std::string by;         ///< the host that wrote it, in lower case, without trailing dot
  std::string id;         ///< under which that host had the message
  std::string recipient;  ///< the address it had it for, as written, without angles
};

/// Reads a Received field (RFC 5321, 4.4) as MTAs write it: words in pairs, comments left out, what
/// is not there is empty. Total: any octets give an answer, in time that grows with their number.
[[nodiscard]] ReceivedField read_received(std::string_view value);

}  // namespace gateway
