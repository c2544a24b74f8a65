// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ares.h>
#include <poll.h>

namespace gateway {

/// One question at a time to the name servers, through c-ares, which closes its sockets after each:
/// so every question has a source port of its own. Used by one thread.
class QuestionChannel {
 public:
  using Clock = std::chrono::steady_clock;
  using OnAnswer = std::function<void(DnsAnswer)>;

  /// `servers` as c-ares takes them, empty for the system's; null where c-ares cannot be set up.
  [[nodiscard]] static std::unique_ptr<QuestionChannel> open(const std::string& servers,
                                                             std::chrono::milliseconds timeout);

  QuestionChannel(const QuestionChannel&) = delete;
  QuestionChannel& operator=(const QuestionChannel&) = delete;
  QuestionChannel(QuestionChannel&&) = delete;
  QuestionChannel& operator=(QuestionChannel&&) = delete;
  ~QuestionChannel();

  /// Sends a question; `on_answer` is called once, from here, `process` or `expire`.
  void ask(const DnsQuestion& question, Clock::time_point deadline, OnAnswer on_answer);

  [[nodiscard]] bool is_idle() const { return on_answer_ == nullptr; }

  [[nodiscard]] Clock::time_point opened() const { return opened_; }

  /// What to wait for.
  void add_to(std::vector<pollfd>& waiting) const;

  /// When to look after it at the latest though nothing came.
  [[nodiscard]] Clock::time_point next_timeout(Clock::time_point now) const;

  /// Takes what came, or that nothing did.
  void process(const std::vector<pollfd>& ready, Clock::time_point now);

 private:
  QuestionChannel() = default;

  static void on_socket_state(void* self, ares_socket_t socket, int reads, int writes);
  static void on_message(void* self, int status, int timeouts, unsigned char* message, int size);
  void finish(DnsAnswer answer);

  ares_channel channel_ = nullptr;
  Clock::time_point opened_ = Clock::now();
  std::map<ares_socket_t, short> sockets_;  // with the events to wait for
  DnsQuestion question_;                    // the last one
  Clock::time_point deadline_;
  OnAnswer on_answer_;
};

}  // namespace gateway
