// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/successor.h"

#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/line_channel.h"
#include "gateway/hand_over/words.h"
#include "policy/result.h"
#include "policy/spawn_plan.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <expected>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::Result;

// Where a successor finds what it inherits, in this order.
constexpr int kFirstInherited = 3;

// This process's own, with what the successor is to know. WATCHDOG_PID would have it think that
// the watchdog does not look at it.
std::vector<std::string> environment_with(const Inheritance& inheritance) {
  const std::string own = std::string{Inheritance::kVariable} + '=';
  std::vector<std::string> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text{*variable};
    if (!text.starts_with(own) && !text.starts_with("WATCHDOG_PID=")) {
      environment.emplace_back(text);
    }
  }
  environment.push_back(own + inheritance.text());
  return environment;
}

// Duplicates above every number that a successor is given, so that none is overwritten before its
// turn; closed at the end.
class OutOfTheWay {
 public:
  OutOfTheWay() = default;
  OutOfTheWay(const OutOfTheWay&) = delete;
  OutOfTheWay& operator=(const OutOfTheWay&) = delete;
  OutOfTheWay(OutOfTheWay&&) = delete;
  OutOfTheWay& operator=(OutOfTheWay&&) = delete;

  ~OutOfTheWay() {
    for (const int descriptor : all_) {
      ::close(descriptor);
    }
  }

  // False if there are no descriptors left.
  bool add(int descriptor) {
    constexpr int kAboveAllGiven = 16;
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kAboveAllGiven);
    if (copy >= 0) {
      all_.push_back(copy);
    }
    return copy >= 0;
  }

  [[nodiscard]] const std::vector<int>& all() const { return all_; }

 private:
  std::vector<int> all_;
};

std::unexpected<policy::Error> system_failure(const std::string& doing, int error) {
  return policy::fail(ErrorCode::kUnavailable,
                      doing + ": " + std::generic_category().message(error));
}

Result<pid_t> spawn(const StartedAs& how, const Inheritance& inheritance) {
  OutOfTheWay sources;
  const Inheritance given{.channel = kFirstInherited,
                          .milter = kFirstInherited + 1,
                          .metrics = inheritance.metrics >= 0 ? kFirstInherited + 2 : -1,
                          .is_lent = inheritance.is_lent,
                          .has_snapshot = inheritance.has_snapshot};
  if (!sources.add(inheritance.channel) || !sources.add(inheritance.milter) ||
      (inheritance.metrics >= 0 && !sources.add(inheritance.metrics))) {
    return system_failure("hand down the sockets", errno);
  }
  // It has standard input, output and error of this process, what it inherits, and nothing else.
  policy::SpawnPlan plan;
  int number = kFirstInherited;
  for (const int source : sources.all()) {
    plan.duplicate(source, number);
    ++number;
  }
  plan.close_from(number);
  pid_t pid = 0;
  const int error = plan.carry_out(how.program, how.arguments, environment_with(given), pid);
  if (error != 0) {
    return system_failure("start " + how.program.string(), error);
  }
  return pid;
}

}  // namespace

StartedAs StartedAs::of_this_process() {
  StartedAs how;
  std::error_code error;
  how.program = std::filesystem::read_symlink("/proc/self/exe", error);
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  std::string argument;
  while (std::getline(file, argument, '\0')) {
    how.arguments.push_back(argument);
  }
  return how;
}

Result<std::unique_ptr<Successor>> Successor::start(const StartedAs& how,
                                                    const Inheritance& inheritance,
                                                    std::chrono::milliseconds most) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return system_failure("make a socket for the successor", errno);
  }
  LineChannel ours{sockets[0]};
  const LineChannel theirs{sockets[1]};
  Inheritance with_channel = inheritance;
  with_channel.channel = theirs.descriptor();
  const auto pid = spawn(how, with_channel);
  if (!pid.has_value()) {
    return std::unexpected{pid.error()};
  }
  return std::unique_ptr<Successor>{
      new Successor{*pid, std::move(ours), std::chrono::steady_clock::now() + most}};
}

Successor::~Successor() {
  if (has_turn_) {
    return;
  }
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Successor::State Successor::look() {
  pollfd waiting{.fd = channel_.descriptor(), .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, 0) > 0) {
    // It says whole lines, so that this does not wait.
    return channel_.hear() == hand_over_words::kReady ? State::kReady : State::kGone;
  }
  return std::chrono::steady_clock::now() < deadline_ ? State::kStarting : State::kGone;
}

void Successor::give_turn() {
  has_turn_ = true;
  // One that is gone by now is started again by whoever looks after the service.
  static_cast<void>(channel_.say(hand_over_words::kYourTurn));
}

bool Successor::wants_more() const {
  pollfd waiting{.fd = channel_.descriptor(), .events = POLLIN, .revents = 0};
  // It says nothing any more, so that what can be read is its end.
  return ::poll(&waiting, 1, 0) == 0;
}

}  // namespace gateway
