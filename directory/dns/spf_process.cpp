// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/spf_process.h"

#include "directory/dns/mail_dns.h"
#include "directory/dns/spf_words.h"

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

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <spawn.h>
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

// What the new process begins with: the socket as standard input and output, nothing else, and no
// signal held back or ignored.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes_);
    sigset_t signals{};
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_,
                             static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }

  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  SpawnPlan(SpawnPlan&&) = delete;
  SpawnPlan& operator=(SpawnPlan&&) = delete;

  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  // The error number, zero if it went well.
  int carry_out(const SpfProgram& program, pid_t& pid) {
    std::vector<std::string> words{program.path.filename().string()};
    words.insert(words.end(), program.arguments.begin(), program.arguments.end());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
      arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    std::array<char*, 1> environment{nullptr};
    return posix_spawn(
        &pid, program.path.c_str(), &actions_, &attributes_, arguments.data(), environment.data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

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
  const int error = SpawnPlan{sockets[1]}.carry_out(program, pid);
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
