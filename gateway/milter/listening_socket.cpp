// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/listening_socket.h"

#include "gateway/settings.h"
#include "policy/descriptor.h"
#include "policy/result.h"

#include <cerrno>
#include <cstring>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

namespace gateway {
namespace {

using policy::Descriptor;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

// Postfix opens many connections at once after a restart.
constexpr int kBacklog = 1024;
// Of the socket that takes the listening one's place: for those who wake the acceptor.
constexpr int kIdleBacklog = 4;

std::string error_text(int error) {
  return std::error_code{error, std::generic_category()}.message();
}

ErrorCode code_of(int error) {
  switch (error) {
    case EADDRINUSE: return ErrorCode::kBusy;
    case EACCES:
    case EPERM: return ErrorCode::kDenied;
    default: return ErrorCode::kUnavailable;
  }
}

std::unexpected<policy::Error> fail_with(int error, const std::string& what) {
  return fail(code_of(error), what + ": " + error_text(error));
}

union SocketAddress {
  sockaddr any;
  sockaddr_un unix_path;
  sockaddr_in inet;
  sockaddr_in6 inet6;
};

// Without this an address that cannot be read would be every address of the machine.
std::unexpected<policy::Error> no_address(const ListenAddress& address) {
  return fail(ErrorCode::kInvalidInput, "'" + address.host + "' is no numeric address");
}

Result<socklen_t> fill_unix(sockaddr_un& target, const ListenAddress& address) {
  const std::string path = address.path.string();
  if (path.size() >= sizeof target.sun_path) {
    return fail(ErrorCode::kInvalidInput,
                "the path of the socket is too long; it may have 107 octets");
  }
  target.sun_family = AF_UNIX;
  std::memcpy(target.sun_path, path.data(), path.size());
  return static_cast<socklen_t>(sizeof target);
}

Result<socklen_t> fill_inet(sockaddr_in& target, const ListenAddress& address) {
  target.sin_family = AF_INET;
  target.sin_port = htons(address.port);
  if (inet_pton(AF_INET, address.host.c_str(), &target.sin_addr) != 1) {
    return no_address(address);
  }
  return static_cast<socklen_t>(sizeof target);
}

Result<socklen_t> fill_inet6(sockaddr_in6& target, const ListenAddress& address) {
  target.sin6_family = AF_INET6;
  target.sin6_port = htons(address.port);
  if (inet_pton(AF_INET6, address.host.c_str(), &target.sin6_addr) != 1) {
    return no_address(address);
  }
  return static_cast<socklen_t>(sizeof target);
}

Result<socklen_t> fill(SocketAddress& target, const ListenAddress& address) {
  std::memset(&target, 0, sizeof target);
  switch (address.family) {
    case ListenAddress::Family::kUnix: return fill_unix(target.unix_path, address);
    case ListenAddress::Family::kInet: return fill_inet(target.inet, address);
    case ListenAddress::Family::kInet6: return fill_inet6(target.inet6, address);
  }
  return fail(ErrorCode::kInvalidInput, "unknown address family");
}

void set_flag(int descriptor, int level, int name) {
  constexpr int kOn = 1;
  // Without it the socket works less well, not wrongly.
  static_cast<void>(::setsockopt(descriptor, level, name, &kOn, sizeof kOn));
}

bool is_bound_to(int descriptor, const SocketAddress& wanted) {
  SocketAddress bound{};
  std::memset(&bound, 0, sizeof bound);
  socklen_t size = sizeof bound;
  if (::getsockname(descriptor, &bound.any, &size) != 0 ||
      bound.any.sa_family != wanted.any.sa_family) {
    return false;
  }
  switch (wanted.any.sa_family) {
    case AF_UNIX:
      return std::string_view{&bound.unix_path.sun_path[0]} ==
             std::string_view{&wanted.unix_path.sun_path[0]};
    case AF_INET:
      return bound.inet.sin_port == wanted.inet.sin_port &&
             bound.inet.sin_addr.s_addr == wanted.inet.sin_addr.s_addr;
    default:
      return bound.inet6.sin6_port == wanted.inet6.sin6_port &&
             std::memcmp(&bound.inet6.sin6_addr, &wanted.inet6.sin6_addr, sizeof(in6_addr)) == 0;
  }
}

// A socket file outlives its listener; one that answers nobody may be replaced.
Result<void> remove_left_over_socket(const std::filesystem::path& path,
                                     const SocketAddress& address,
                                     socklen_t size) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) {
    return {};
  }
  if (!S_ISSOCK(status.st_mode)) {
    return fail(ErrorCode::kBusy, path.string() + " exists and is no socket; remove it");
  }
  const Descriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (::connect(probe.get(), &address.any, size) == 0) {
    return fail(ErrorCode::kBusy, "somebody listens on " + path.string() + " already");
  }
  if (errno == EPROTOTYPE) {
    return fail(ErrorCode::kBusy, path.string() + " is somebody's socket of another kind");
  }
  if (errno != ECONNREFUSED) {
    return fail_with(errno, "cannot tell whether somebody listens on " + path.string());
  }
  if (::unlink(path.c_str()) != 0) {
    return fail_with(errno, "cannot remove the left-over socket " + path.string());
  }
  return {};
}

Result<gid_t> group_id(const std::string& name) {
  std::vector<char> buffer(16384);
  group entry{};
  group* found = nullptr;
  const int error = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (error != 0 || found == nullptr) {
    return fail(ErrorCode::kInvalidInput, "there is no group '" + name + "'; see socket_group");
  }
  return entry.gr_gid;
}

Result<void> give_to_group(const std::filesystem::path& path, const std::string& group) {
  constexpr mode_t kMode = 0660;
  if (::chmod(path.c_str(), kMode) != 0) {
    return fail_with(errno, "cannot set the mode of " + path.string());
  }
  if (group.empty()) {
    return {};
  }
  const auto id = group_id(group);
  if (!id.has_value()) {
    return std::unexpected{id.error()};
  }
  if (::chown(path.c_str(), static_cast<uid_t>(-1), *id) != 0) {
    return fail_with(errno, "cannot give " + path.string() + " to group " + group);
  }
  return {};
}

}  // namespace

Result<ListeningSocket> ListeningSocket::open(const ListenAddress& address,
                                              const std::string& group) {
  SocketAddress target{};
  const auto size = fill(target, address);
  if (!size.has_value()) {
    return std::unexpected{size.error()};
  }
  const bool is_unix = address.family == ListenAddress::Family::kUnix;
  if (is_unix) {
    if (const auto done = remove_left_over_socket(address.path, target, *size); !done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  Descriptor descriptor{
      ::socket(target.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (descriptor.get() < 0) {
    return fail_with(errno, "cannot make a socket");
  }
  if (!is_unix) {
    // NOLINTNEXTLINE(misc-include-cleaner): <sys/socket.h> has it from the kernel's headers.
    set_flag(descriptor.get(), SOL_SOCKET, SO_REUSEADDR);
    set_flag(descriptor.get(), IPPROTO_TCP, TCP_NODELAY);
  }
  if (::bind(descriptor.get(), &target.any, *size) != 0) {
    return fail_with(errno, "cannot bind " + address.text());
  }
  ListeningSocket listener{
      descriptor.release(), is_unix ? address.path : std::filesystem::path{}, false};
  if (is_unix) {
    if (const auto done = give_to_group(address.path, group); !done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  if (::listen(listener.descriptor_, kBacklog) != 0) {
    return fail_with(errno, "cannot listen on " + address.text());
  }
  listener.read_name();
  return listener;
}

Result<ListeningSocket> ListeningSocket::adopt(int descriptor,
                                               const ListenAddress& address,
                                               bool is_lent) {
  Descriptor taken{descriptor};
  SocketAddress target{};
  if (const auto size = fill(target, address); !size.has_value()) {
    return std::unexpected{size.error()};
  }
  if (!is_bound_to(taken.get(), target)) {
    return fail(ErrorCode::kInvalidInput,
                "the listening socket that was handed over is not " + address.text());
  }
  // Two processes accept from it for a moment, and the one that comes second must not wait.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  if (::fcntl(taken.get(), F_SETFL, O_RDWR | O_NONBLOCK) != 0 ||
      ::fcntl(taken.get(), F_SETFD, FD_CLOEXEC) != 0) {
    return fail_with(errno, "cannot take over " + address.text());
  }
  const bool is_unix = address.family == ListenAddress::Family::kUnix;
  if (!is_unix) {
    set_flag(taken.get(), IPPROTO_TCP, TCP_NODELAY);
  }
  ListeningSocket listener{
      taken.release(), is_unix ? address.path : std::filesystem::path{}, is_lent};
  listener.read_name();
  return listener;
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::exchange(other.path_, {})),
      is_lent_(other.is_lent_),
      name_(std::exchange(other.name_, {})) {}

ListeningSocket::~ListeningSocket() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
  remove_path();
}

void ListeningSocket::remove_path() {
  if (!is_lent_ && !path_.empty()) {
    ::unlink(path_.c_str());
    path_.clear();
  }
}

std::string ListeningSocket::connection_text() const {
  return "fd:" + std::to_string(descriptor_);
}

// Puts a socket that nobody knows of behind the number on which libmilter goes on to wait; the one
// that was there is the caller's.
Result<Descriptor> ListeningSocket::take_idle_socket() {
  const Descriptor idle{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  Descriptor before{::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0)};
  sockaddr_un unnamed{};
  unnamed.sun_family = AF_UNIX;
  // Binding to the family alone lets the kernel choose an abstract name (unix(7)).
  if (idle.get() < 0 || before.get() < 0 ||
      ::bind(idle.get(), reinterpret_cast<const sockaddr*>(&unnamed), sizeof(sa_family_t)) != 0 ||
      ::listen(idle.get(), kIdleBacklog) != 0 || ::dup3(idle.get(), descriptor_, O_CLOEXEC) < 0) {
    return fail_with(errno, "cannot stop accepting");
  }
  read_name();
  return before;
}

Result<void> ListeningSocket::stop_accepting() {
  const auto taken = take_idle_socket();
  if (!taken.has_value()) {
    return std::unexpected{taken.error()};
  }
  // Whoever waits already does so on the socket from before: it has to end, and then there must be
  // a client to accept.
  wake_acceptor();
  if (!is_lent_) {
    ::shutdown(taken->get(), SHUT_RDWR);
  }
  remove_path();
  return {};
}

Result<void> ListeningSocket::leave_to_successor() {
  // What is taken is closed, not ended: that would end it for the successor as well. Whoever waits
  // on it still finds nobody to accept, since accept(2) looks at the number.
  if (const auto taken = take_idle_socket(); !taken.has_value()) {
    return std::unexpected{taken.error()};
  }
  path_.clear();
  return {};
}

void ListeningSocket::read_name() {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&name), &size) == 0) {
    name_.assign(reinterpret_cast<const char*>(&name), size);
  }
}

void ListeningSocket::wake_acceptor() const {
  sockaddr_storage address{};
  if (name_.empty()) {
    return;
  }
  std::memcpy(&address, name_.data(), name_.size());
  const Descriptor client{
      ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (client.get() >= 0) {
    // A queue that is full wakes it as well.
    static_cast<void>(::connect(client.get(),
                                reinterpret_cast<const sockaddr*>(&address),
                                static_cast<socklen_t>(name_.size())));
  }
}

}  // namespace gateway
