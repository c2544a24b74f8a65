// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/replay/mail_files.h"
#include "gateway/replay/mailbox_splitter.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace gateway {

/// What was in a file of mail.
struct MailFileContent {
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;  ///< that were read: of a message, not much beyond its header
};

/// How a file of mail is read.
struct MailReading {
  std::size_t header_limit;    ///< octets of a header that are kept
  MailboxSplitter::Take take;  ///< called with each header, in order
  /// Called after each piece with its size in octets; may be empty.
  std::function<void(std::size_t octets)> progress;
};

/// Reads one file to its end, or to the end of its only header. Memory is bounded whatever the file
/// holds. Fails with `kUnavailable` if it cannot be read, with what came before it taken; a pipe is
/// read like a file.
[[nodiscard]] policy::Result<MailFileContent> read_mail_file(const MailFile& file,
                                                             const MailReading& reading);

}  // namespace gateway
