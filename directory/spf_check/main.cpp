// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/dns_message.h"
#include "directory/dns/question_channel.h"
#include "directory/dns/spf_words.h"
#include "directory/spf_check/spf_library.h"
#include "policy/confinement.h"
#include "policy/exit_status.h"

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#if defined(FROMGUARD_ADDRESS_SANITIZER)
// What looks for leaks at the end of a process asks for more than a confined one may.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}
#endif

namespace {

using directory::QuestionChannel;

constexpr std::size_t kLongestRequest = 4096;
// Whoever started this waits a little longer.
constexpr std::chrono::seconds kLongestCheck{15};
const std::atomic<bool> kNeverStopped = false;
// One socket or two for each name server.
constexpr policy::Confinement kConfinement{.processor_time = std::chrono::seconds{20},
                                           .sockets_over_ip = 29};

// The next line without its end; nothing at the end of all. Standard input is read as it is:
// streams need system calls that are forbidden.
std::optional<std::string> read_line(std::string& read) {
  std::size_t end = read.find('\n');
  while (end == std::string::npos && read.size() < kLongestRequest) {
    std::array<char, 1024> piece{};
    const ssize_t size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size <= 0) {
      return std::nullopt;
    }
    read.append(piece.data(), static_cast<std::size_t>(size));
    end = read.find('\n');
  }
  if (end == std::string::npos) {
    return std::nullopt;
  }
  std::string line = read.substr(0, end);
  read.erase(0, end + 1);
  return line;
}

bool write_line(std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t size = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (size <= 0) {
      return false;
    }
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

policy::ExitStatus serve(QuestionChannel& channel) {
  std::string read;
  for (auto line = read_line(read); line.has_value(); line = read_line(read)) {
    const auto request = directory::parse_spf_request(*line);
    if (!request.has_value()) {
      return policy::ExitStatus::kBadData;
    }
    const auto deadline = QuestionChannel::Clock::now() + kLongestCheck;
    const auto ask = [&](const directory::DnsQuestion& question) {
      return channel.ask(question, deadline, kNeverStopped);
    };
    if (!write_line(directory::spf_answer_line(directory::check_spf(*request, ask)))) {
      return policy::ExitStatus::kTemporary;
    }
  }
  return policy::ExitStatus::kDone;
}

policy::ExitStatus run(std::span<char*> arguments) {
  std::vector<std::string> words{arguments.begin(), arguments.end()};
  std::size_t timeout = 0;
  if (words.size() < 2 ||
      std::from_chars(words[1].data(), words[1].data() + words[1].size(), timeout).ec !=
          std::errc{}) {
    return policy::ExitStatus::kUsage;
  }
  const std::vector<std::string> servers{std::make_move_iterator(words.begin() + 2),
                                         std::make_move_iterator(words.end())};
  const auto channel = QuestionChannel::open(servers, std::chrono::milliseconds{timeout});
  directory::prepare_spf_library();
  if (channel == nullptr || !policy::confine_process(kConfinement)) {
    return policy::ExitStatus::kTemporary;
  }
  return serve(*channel);
}

}  // namespace

// fromguard-spf-check TIMEOUT-IN-MILLISECONDS [NAME-SERVER]...: for each request on standard input,
// a line, one answer on standard output. Started by fromguard-directory.
int main(int count, char** arguments) {
  try {
    return std::to_underlying(run({arguments, static_cast<std::size_t>(count)}));
  } catch (const std::exception&) {
    return std::to_underlying(policy::ExitStatus::kTemporary);
  }
}
