// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/spf_process.h"

#include "directory/dns/mail_dns.h"
#include "directory/dns/spf_words.h"
#include "policy/spawn_plan.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace directory {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestAnswer = 16'384;
// How soon the end is noticed.
constexpr std::chrono::milliseconds kLongestWait{100};

SpfAnswer unknown(std::string explanation) {
  return {.result = SpfResult::kTempError, .explanation = std::move(explanation)};
}

// With the socket as standard input and output and nothing else.
int spawn(const SpfProgram& program, int socket, pid_t& pid) {
  policy::SpawnPlan plan;
  plan.duplicate(socket, STDIN_FILENO);
  plan.duplicate(socket, STDOUT_FILENO);
  plan.open_nothing(STDERR_FILENO);
  std::vector<std::string> words{program.path.filename().string()};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  return plan.carry_out(program.path, std::move(words), {}, pid);
}

// A running process with the socket to it; killed with its owner.
class Process {
 public:
  Process(pid_t pid, int socket) : pid_(pid), socket_(socket) {}

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process(Process&&) = delete;
  Process& operator=(Process&&) = delete;

  ~Process() {
    ::close(socket_);
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // The request and the end of all requests. It is short enough for the socket to take it whole.
  void send(const std::string& line) const {
    ::send(socket_, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(socket_, SHUT_WR);
  }

  // Adds what it says next; false at its end, and where it says too much.
  [[nodiscard]] bool receive(std::string& said) const {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(kLongestWait.count())) <= 0) {
      return true;
    }
    std::array<char, 4096> piece{};
    const ssize_t size = ::recv(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
    if (size > 0) {
      said.append(piece.data(), static_cast<std::size_t>(size));
    }
    return (size > 0 && said.size() <= kLongestAnswer) ||
           (size < 0 && (errno == EAGAIN || errno == EINTR));
  }

 private:
  pid_t pid_;
  int socket_;
};

}  // namespace

SpfAnswer check_spf_apart(const SpfProgram& program,
                          const SpfRequest& request,
                          const std::atomic<bool>& is_stopped) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return unknown("SPF cannot be checked now: " + std::generic_category().message(errno));
  }
  pid_t pid = 0;
  const int error = spawn(program, sockets[1], pid);
  ::close(sockets[1]);
  if (error != 0) {
    ::close(sockets[0]);
    return unknown("SPF cannot be checked: " + program.path.string() + " cannot be started (" +
                   std::generic_category().message(error) + ")");
  }
  const Process process{pid, sockets[0]};
  process.send(spf_request_line(request) + "\n");
  const auto deadline = Clock::now() + program.most;
  std::string said;
  bool goes_on = true;
  while (goes_on && !said.ends_with('\n')) {
    if (is_stopped || Clock::now() >= deadline) {
      return unknown("the check took too long");
    }
    goes_on = process.receive(said);
  }
  auto answer = said.ends_with('\n') ? parse_spf_answer(said) : std::nullopt;
  return answer.has_value()
             ? *std::move(answer)
             : unknown("the record of " + request.domain +
                       ", or one that it names, made the check fail; look at it for what is odd");
}

}  // namespace directory
