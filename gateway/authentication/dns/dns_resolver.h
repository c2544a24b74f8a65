// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"

#include <chrono>

namespace gateway {

/// Answers questions to DNS. Thread-safe.
class DnsResolver {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  DnsResolver() = default;
  DnsResolver(const DnsResolver&) = delete;
  DnsResolver& operator=(const DnsResolver&) = delete;
  DnsResolver(DnsResolver&&) = delete;
  DnsResolver& operator=(DnsResolver&&) = delete;
  virtual ~DnsResolver() = default;

  /// Waits for the answer, at most until `deadline`: later it is a temporary failure. A name that
  /// DNS cannot hold does not exist.
  [[nodiscard]] virtual DnsAnswer ask(const DnsQuestion& question, Deadline deadline) = 0;

  /// Begins to look for an answer that will be asked for soon. Never waits.
  virtual void prefetch(const DnsQuestion& question) = 0;

  /// Ends every wait: what is under way or asked from now on is a temporary failure.
  virtual void stop() = 0;
};

}  // namespace gateway
