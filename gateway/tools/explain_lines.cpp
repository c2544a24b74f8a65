// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/tools/explain.h"
#include "gateway/tools/on_all_cores.h"
#include "gateway/tools/verdict_json.h"
#include "policy/exit_status.h"

#include <atomic>
#include <cstddef>
#include <istream>
#include <ostream>
#include <span>
#include <string>
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

}  // namespace

policy::ExitStatus explain_lines(const InForce& in_force,
                                 const SessionSettings& settings,
                                 std::istream& input,
                                 std::ostream& output) {
  std::atomic<bool> has_failed{false};
  const auto answer = [&](std::string& line) {
    bool failed = false;
    line = answer_json_line(line, in_force, settings, failed);
    if (failed) {
      has_failed = true;
    }
  };
  for (std::vector<std::string> lines = read_batch(input); !lines.empty();
       lines = read_batch(input)) {
    on_all_cores(std::span{lines}, answer);
    for (const std::string& line : lines) {
      output << line << '\n';
    }
    output.flush();
    if (!output) {
      return policy::ExitStatus::kIoError;
    }
  }
  return has_failed ? policy::ExitStatus::kBadData : policy::ExitStatus::kDone;
}

}  // namespace gateway
