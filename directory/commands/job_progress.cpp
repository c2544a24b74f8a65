// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/job_progress.h"

#include "directory/commands/admin_session.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"
#include "policy/name/visible_text.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPoll{200};

class ProgressDisplay {
 public:
  ProgressDisplay() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

  void show(const json::value& job) {
    const auto done = job.at("done").to_number<std::uint64_t>();
    const auto total = job.at("total").to_number<std::uint64_t>();
    const std::string message = policy::visible_text(std::string{job.at("message").as_string()});
    const std::string count =
        total == 0 ? fmt::format("{}", done) : fmt::format("{} of {}", done, total);
    const std::string line = fmt::format("{} {}", message, count);
    if (line == last_) {
      return;
    }
    last_ = line;
    if (is_terminal_) {
      fmt::print(stderr, "\r\x1b[K{}{}", bar(done, total), line);
    } else {
      fmt::print(stderr, "{}\n", line);
    }
  }

  void finish() const {
    if (is_terminal_) {
      fmt::print(stderr, "\r\x1b[K");
    }
  }

 private:
  static std::string bar(std::uint64_t done, std::uint64_t total) {
    constexpr std::size_t kWidth = 30;
    if (total == 0) {
      return "";
    }
    const std::size_t full = std::min<std::uint64_t>(done, total) * kWidth / total;
    return "[" + std::string(full, '#') + std::string(kWidth - full, '.') + "] ";
  }

  bool is_terminal_;
  std::string last_;
};

}  // namespace

std::optional<std::string> wait_for_job(AdminSession& session, std::uint64_t id) {
  ProgressDisplay display;
  while (true) {
    auto body = session.get("/api/v1/jobs/" + std::to_string(id));
    if (!body.has_value()) {
      return std::nullopt;
    }
    const json::value job = json::parse(*body);
    if (job.at("state").as_string() == "running") {
      display.show(job);
      std::this_thread::sleep_for(kPoll);
      continue;
    }
    display.finish();
    if (job.at("state").as_string() == "failed") {
      session.fail(policy::ExitStatus::kUnavailable, std::string{job.at("message").as_string()});
    }
    return body;
  }
}

void begin_job(AdminSession& session,
               const AdminOptions& options,
               const std::string& path,
               const std::string& body) {
  auto answer = session.send("POST", path, body);
  if (!answer.has_value()) {
    return;
  }
  const auto id = json::parse(*answer).at("job").to_number<std::uint64_t>();
  if (options.has("wait")) {
    answer = wait_for_job(session, id);
  }
  if (!answer.has_value()) {
    return;
  }
  if (options.has("json")) {
    fmt::print("{}\n", *answer);
  } else if (!options.has("wait")) {
    fmt::print("job {} has begun\n", id);
  } else if (session.status() == policy::ExitStatus::kDone) {
    const json::value job = json::parse(*answer);
    print_line(std::string_view{job.at("message").as_string()});
  }
}

}  // namespace directory
