// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mail_file_reader.h"

#include "gateway/replay/mail_files.h"
#include "gateway/replay/mailbox_splitter.h"
#include "policy/descriptor.h"
#include "policy/result.h"

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace gateway {
namespace {

// Few headers are longer; of a mailbox more is read at once, since all of it is.
constexpr std::size_t kMessageOctets = std::size_t{16} * 1024;
constexpr std::size_t kMailboxOctets = std::size_t{256} * 1024;

// How many octets were read, 0 at the end; negative on failure, errno says why.
ssize_t read_from(const policy::Descriptor& file, std::vector<char>& buffer) {
  ssize_t size = 0;
  do {
    size = ::read(file.get(), buffer.data(), buffer.size());
  } while (size < 0 && errno == EINTR);
  return size;
}

policy::Result<MailFileContent> fail_with(int number) {
  return policy::fail(policy::ErrorCode::kUnavailable, std::generic_category().message(number));
}

}  // namespace

policy::Result<MailFileContent> read_mail_file(const MailFile& file, const MailReading& reading) {
  const policy::Descriptor input{::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
  if (!input.is_open()) {
    return fail_with(errno);
  }
  MailboxSplitter splitter{file.format, reading.header_limit, reading.take};
  MailFileContent content;
  std::vector<char> buffer(file.format == MailFormat::kMessage ? kMessageOctets : kMailboxOctets);
  while (!splitter.is_done()) {
    const ssize_t size = read_from(input, buffer);
    if (size < 0) {
      return fail_with(errno);
    }
    if (size == 0) {
      splitter.finish();
      break;
    }
    const auto octets = static_cast<std::size_t>(size);
    splitter.feed({buffer.data(), octets});
    content.octets += octets;
    if (reading.progress) {
      reading.progress(octets);
    }
  }
  content.messages = splitter.messages();
  return content;
}

}  // namespace gateway
