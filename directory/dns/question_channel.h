// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/dns_message.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct ares_channeldata;

namespace directory {

/// One question at a time to the name servers, through c-ares; each goes out from a new port. Used
/// by one thread.
class QuestionChannel {
 public:
  using Clock = std::chrono::steady_clock;

  /// `servers` as in `policy::NameServers`, which has checked them; `timeout` is for one question.
  /// Null where c-ares cannot be set up. Reads files of the system; nothing later does.
  [[nodiscard]] static std::unique_ptr<QuestionChannel> open(
      const std::vector<std::string>& servers, std::chrono::milliseconds timeout);

  QuestionChannel(const QuestionChannel&) = delete;
  QuestionChannel& operator=(const QuestionChannel&) = delete;
  QuestionChannel(QuestionChannel&&) = delete;
  QuestionChannel& operator=(QuestionChannel&&) = delete;
  ~QuestionChannel();

  /// Waits for the answer. After the deadline, or soon after `is_stopped` has become true, the
  /// question has failed; so has one whose name `is_dns_name` refuses.
  [[nodiscard]] DnsAnswer ask(DnsQuestion question,
                              Clock::time_point deadline,
                              const std::atomic<bool>& is_stopped);

 private:
  QuestionChannel() = default;

  static void on_message(void* self, int status, int timeouts, unsigned char* message, int size);

  // Waits a little for what comes, and takes it.
  void wait_and_process();

  ares_channeldata* channel_ = nullptr;
  DnsQuestion question_;
  std::optional<DnsAnswer> answer_;
};

}  // namespace directory
