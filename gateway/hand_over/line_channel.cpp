// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/line_channel.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <sys/time.h>  // NOLINT(misc-include-cleaner): timeval is POSIX, and is there
#include <sys/types.h>

namespace gateway {
namespace {

constexpr int kMostSecondsToWrite = 5;
constexpr std::size_t kMostLineOctets = std::size_t{2} * 1024 * 1024;

}  // namespace

LineChannel::LineChannel(int descriptor) : socket_(descriptor) {
  const timeval most{.tv_sec = kMostSecondsToWrite, .tv_usec = 0};
  // NOLINTNEXTLINE(misc-include-cleaner): <sys/socket.h> has them from the kernel's headers.
  static_cast<void>(::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most));
}

bool LineChannel::say(std::string_view line) {
  const std::string octets = std::string{line} + '\n';
  std::string_view left{octets};
  while (!left.empty() && !is_broken_) {
    const ssize_t written = ::send(socket_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (written > 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else {
      // Half a line may be out: another one after it would be read as its end.
      is_broken_ = written == 0 || errno != EINTR;
    }
  }
  return !is_broken_;
}

std::optional<std::string> LineChannel::hear() {
  std::array<char, 16384> octets{};
  std::size_t searched = 0;
  while (true) {
    const std::size_t end = heard_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    searched = heard_.size();
    const ssize_t count = ::recv(socket_.get(), octets.data(), octets.size(), 0);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0 || heard_.size() > kMostLineOctets) {
      return std::nullopt;
    }
    heard_.append(octets.data(), static_cast<std::size_t>(count));
  }
}

void LineChannel::end_speech() const {
  static_cast<void>(::shutdown(socket_.get(), SHUT_WR));
}

}  // namespace gateway
