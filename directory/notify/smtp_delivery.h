// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/socket_address.h"
#include "policy/result.h"

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace directory {

/// A message and its envelope.
struct SmtpMail {
  policy::SocketAddress server;
  std::string from;  ///< addresses in plain ASCII
  std::vector<std::string> to;
  std::string message;  ///< octets with CRLF
  std::chrono::milliseconds timeout = std::chrono::seconds{60};
};

/// Hands the message to the server and waits; thread-safe. Ends soon after `is_over` is set. What
/// the server says is in the text: `kInvalidInput` if it refuses for good (5xx), else
/// `kUnavailable`.
[[nodiscard]] policy::Result<void> send_by_smtp(const SmtpMail& mail,
                                                const std::atomic<bool>& is_over);

}  // namespace directory
