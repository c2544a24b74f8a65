// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/tools/explain.h"
#include "gateway/tools/verdict_json.h"
#include "policy/exit_status.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <istream>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace gateway {
namespace {

// What is read at once bounds the memory: so many lines, or so many octets if lines are long.
constexpr std::size_t kBatchLines = 4096;
constexpr std::size_t kBatchOctets = std::size_t{16} * 1024 * 1024;

std::vector<std::string> read_batch(std::istream& input) {
  std::vector<std::string> lines;
  std::size_t octets = 0;
  std::string line;
  while (lines.size() < kBatchLines && octets < kBatchOctets && std::getline(input, line)) {
    octets += line.size();
    lines.push_back(line);
  }
  return lines;
}

class Answerer {
 public:
  Answerer(const InForce& in_force, const SessionSettings& settings)
      : in_force_(in_force), settings_(settings) {}

  // Each line's place takes its answer; the threads share the lines by taking the next one.
  void answer(std::vector<std::string>& lines) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < lines.size(); i = next++) {
        answer(lines[i]);
      }
    };
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(cores, lines.size()); ++i) {
      others.emplace_back(work);
    }
    work();
  }

  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  void answer(std::string& line) {
    bool failed = false;
    line = answer_json_line(line, in_force_, settings_, failed);
    if (failed) {
      has_failed_ = true;
    }
  }

  const InForce& in_force_;
  const SessionSettings& settings_;
  std::atomic<bool> has_failed_{false};
};

}  // namespace

policy::ExitStatus explain_lines(const InForce& in_force,
                                 const SessionSettings& settings,
                                 std::istream& input,
                                 std::ostream& output) {
  Answerer answerer{in_force, settings};
  for (std::vector<std::string> lines = read_batch(input); !lines.empty();
       lines = read_batch(input)) {
    answerer.answer(lines);
    for (const std::string& line : lines) {
      output << line << '\n';
    }
    output.flush();
    if (!output) {
      return policy::ExitStatus::kIoError;
    }
  }
  return answerer.has_failed() ? policy::ExitStatus::kBadData : policy::ExitStatus::kDone;
}

}  // namespace gateway
