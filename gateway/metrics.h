// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/verdict.h"
#include "policy/verdict/policy.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway {

/// What is counted, in Prometheus' terms. Thread-safe.
class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  Metrics(Metrics&&) = delete;
  Metrics& operator=(Metrics&&) = delete;
  ~Metrics();

  /// One message: its verdict, findings, noted matches, limits, degradation and time to judge.
  void count_message(const Verdict& verdict, std::chrono::steady_clock::duration judging);

  /// Makes the rules, exceptions and lists of the policy known, so that one that never matches is
  /// there with 0.
  void set_policy(const policy::Policy& policy);

  void count_limit(std::string_view what);

  /// A question to DNS that was sent, and how long it took.
  void count_dns_question(std::chrono::steady_clock::duration time);

  /// What was refused when it was read: `what` is "policy", "snapshot" or "outbound_tenants".
  void count_reload_failure(std::string_view what);

  /// Detections that were not kept: too many waited, or the database failed to the end.
  void count_dropped_detections(std::uint64_t records);

  /// An attempt to open or write the database of detections that failed.
  void count_detection_failure();

  /// Detections have gone before their age for want of room.
  void count_early_removal();

  void set_snapshot(std::uint64_t generation, std::uint64_t names, std::chrono::seconds age);
  void set_connections(std::size_t connections);

  /// Everything in Prometheus' text format, with the process's own figures of this moment.
  [[nodiscard]] std::string text();

 private:
  struct Families;

  void count_kind(const Verdict& verdict);
  void count_rules(const Verdict& verdict);

  std::unique_ptr<Families> families_;
};

}  // namespace gateway
