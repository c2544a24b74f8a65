// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/unix_socket.h"

#include "policy/descriptor.h"
#include "policy/result.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

namespace directory {
namespace {

using policy::ErrorCode;

constexpr mode_t kMode = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP;
constexpr std::size_t kGroupOctets = 16384;

policy::ErrorCode code_of(int number) {
  return number == EACCES || number == EPERM ? ErrorCode::kDenied : ErrorCode::kUnavailable;
}

std::unexpected<policy::Error> failure(const std::filesystem::path& path, int number) {
  return policy::fail(
      code_of(number),
      "cannot listen on " + path.string() + ": " + std::generic_category().message(number));
}

policy::Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() >= sizeof address.sun_path) {
    return policy::fail(ErrorCode::kInvalidInput,
                        "the path of a Unix socket has 1 to " +
                            std::to_string(sizeof address.sun_path - 1) + " octets; " + text +
                            " has " + std::to_string(text.size()));
  }
  std::memcpy(&address.sun_path[0], text.data(), text.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

policy::Descriptor open_socket() {
  return policy::Descriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

// Makes the name free if it is that of a socket that nobody listens on.
policy::Result<void> free_name(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? policy::Result<void>{} : failure(path, errno);
  }
  if (!S_ISSOCK(status.st_mode)) {
    return policy::fail(ErrorCode::kInvalidInput,
                        path.string() + " is there and is no socket; remove it or name another");
  }
  const policy::Descriptor probe = open_socket();
  if (!probe.is_open()) {
    return failure(path, errno);
  }
  const int number = ::connect(probe.get(), generic(address), sizeof address) == 0 ? 0 : errno;
  if (number == 0 || number == EAGAIN) {
    return policy::fail(ErrorCode::kBusy, "another process listens on " + path.string());
  }
  if (number != ECONNREFUSED || ::unlink(path.c_str()) != 0) {
    return failure(path, number == ECONNREFUSED ? errno : number);
  }
  return {};
}

// Nobody can connect before the socket listens, so that mode and group are right in time.
bool restrict_and_listen(int descriptor,
                         const std::filesystem::path& path,
                         const std::string& group) {
  if (::chmod(path.c_str(), kMode) != 0) {
    return false;
  }
  const auto number = group_number(group);
  const auto same_user = static_cast<uid_t>(-1);
  if (number.has_value() && ::chown(path.c_str(), same_user, *number) != 0 && errno != EPERM) {
    return false;
  }
  return ::listen(descriptor, SOMAXCONN) == 0;
}

}  // namespace

std::optional<gid_t> group_number(const std::string& name) {
  std::array<char, kGroupOctets> octets{};
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &entry, octets.data(), octets.size(), &found) != 0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return found->gr_gid;
}

policy::Result<UnixListener> UnixListener::open(const std::filesystem::path& path,
                                                const std::string& group) {
  const auto address = address_of(path);
  if (!address.has_value()) {
    return std::unexpected{address.error()};
  }
  if (auto freed = free_name(path, *address); !freed.has_value()) {
    return std::unexpected{std::move(freed).error()};
  }
  policy::Descriptor socket = open_socket();
  if (!socket.is_open() || ::bind(socket.get(), generic(*address), sizeof *address) != 0) {
    return failure(path, errno);
  }
  UnixListener listener{path, std::move(socket)};
  if (!restrict_and_listen(listener.socket_.get(), path, group)) {
    return failure(path, errno);
  }
  return listener;
}

UnixListener::UnixListener(std::filesystem::path path, policy::Descriptor socket)
    : path_(std::move(path)), socket_(std::move(socket)) {
  struct stat status{};
  if (::lstat(path_.c_str(), &status) == 0) {
    device_ = status.st_dev;
    inode_ = status.st_ino;
  }
}

UnixListener::UnixListener(UnixListener&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      socket_(std::move(other.socket_)),
      device_(other.device_),
      inode_(other.inode_) {}

UnixListener::~UnixListener() {
  struct stat status{};
  if (!path_.empty() && ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
      status.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
}

int UnixListener::take_descriptor() {
  return socket_.release();
}

}  // namespace directory
