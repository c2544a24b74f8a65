// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/program.h"

#include "policy/descriptor.h"
#include "policy/result.h"
#include "policy/spawn_plan.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/mman.h>
#include <sys/poll.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// The header of glibc 2.36 does not say so itself.
extern "C" {
#include <sys/pidfd.h>
}

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kMostOutput = std::size_t{4} << 20U;

std::unexpected<policy::Error> cannot(const std::string& doing, int error) {
  return fail(ErrorCode::kUnavailable,
              "cannot " + doing + ": " + std::generic_category().message(error));
}

// Memory that a program writes to as to a file: unlike a pipe it never fills up, and never waits
// for descendants that keep it open.
class Capture {
 public:
  Capture() : descriptor_(::memfd_create("output", MFD_CLOEXEC)) {}

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  [[nodiscard]] std::string text() const {
    std::string text(kMostOutput, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
      const ssize_t got =
          ::pread(descriptor(), text.data() + size, text.size() - size, static_cast<off_t>(size));
      if (got <= 0) {
        break;
      }
      size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
  }

 private:
  policy::Descriptor descriptor_;
};

// With our captures, in a process group of its own.
int spawn(const ProgramCall& call, const Capture& output, const Capture& errors, pid_t& pid) {
  policy::SpawnPlan plan;
  plan.open_nothing(STDIN_FILENO);
  plan.duplicate(output.descriptor(), STDOUT_FILENO);
  plan.duplicate(errors.descriptor(), STDERR_FILENO);
  if (!call.folder.empty()) {
    plan.start_in(call.folder);
  }
  plan.lead_group();
  std::vector<std::string> words{call.program.string()};
  words.insert(words.end(), call.arguments.begin(), call.arguments.end());
  // What it says is read by us, in the words of no country.
  return plan.carry_out(
      call.program,
      std::move(words),
      {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"},
      pid);
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Whether the process ended in time.
bool ends_within(pid_t pid, std::chrono::milliseconds time) {
  const policy::Descriptor process{::pidfd_open(pid, 0)};
  if (!process.is_open()) {
    return false;
  }
  const auto deadline = std::chrono::steady_clock::now() + time;
  int ready = 0;
  while (ready <= 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{.fd = process.get(), .events = POLLIN, .revents = 0};
    ready = left.count() > 0 ? ::poll(&waiting, 1, static_cast<int>(left.count())) : 0;
    if (ready == 0 || (ready < 0 && errno != EINTR)) {
      break;
    }
  }
  return ready > 0;
}

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view{"/.-_=:@%+,"}.find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain)) {
    return std::string{text};
  }
  std::string word{"'"};
  for (const char c : text) {
    word += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  }
  return word + "'";
}

std::string ProgramCall::text() const {
  std::string text = program.filename().string();
  for (const std::string& argument : arguments) {
    text += " " + shell_word(argument);
  }
  return text;
}

Result<ProgramEnd> run_program(const ProgramCall& call) {
  const Capture output;
  const Capture errors;
  if (output.descriptor() < 0 || errors.descriptor() < 0) {
    return cannot("keep what " + call.text() + " says", errno);
  }
  pid_t pid = 0;
  const int error = spawn(call, output, errors, pid);
  if (error != 0) {
    return cannot("start " + call.program.string(), error);
  }
  if (!ends_within(pid, call.time)) {
    ::kill(-pid, SIGKILL);
    reap(pid);
    return fail(ErrorCode::kUnavailable, call.text() + " did not end in time and was stopped");
  }
  const int status = reap(pid);
  // NOLINTBEGIN(misc-include-cleaner): sys/wait.h has them, by way of a header of its own
  if (!WIFEXITED(status)) {
    return fail(ErrorCode::kUnavailable, call.text() + " was killed");
  }
  ProgramEnd end{.status = WEXITSTATUS(status), .output = output.text(), .errors = errors.text()};
  // NOLINTEND(misc-include-cleaner)
  end.errors.erase(end.errors.find_last_not_of('\n') + 1);
  return end;
}

Result<std::filesystem::path> find_program(std::string_view name,
                                           std::span<const std::filesystem::path> folders) {
  for (const std::filesystem::path& folder : folders) {
    std::filesystem::path path = folder / name;
    if (::access(path.c_str(), X_OK) == 0) {
      return path;
    }
  }
  return fail(ErrorCode::kNotFound, "there is no program " + std::string{name});
}

std::vector<std::filesystem::path> program_folders() {
  std::vector<std::filesystem::path> folders;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): commands have one thread
  const char* const path = std::getenv("PATH");
  std::string_view rest{path == nullptr ? "" : path};
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    if (folder.starts_with('/')) {
      folders.emplace_back(folder);
    }
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
  }
  for (const char* const folder : {"/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
    folders.emplace_back(folder);
  }
  return folders;
}

}  // namespace gateway
