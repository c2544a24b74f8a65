// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// Whom to ask and how much to remember (`dns` in gateway.yaml).
struct DnsSettings {
  /// For one question, all tries together.
  std::chrono::milliseconds timeout = std::chrono::seconds{5};
  /// `ADDRESS` or `ADDRESS:PORT`, IPv6 with a port in brackets; empty: those of the system, which
  /// are read again every minute.
  std::vector<std::string> servers;
  std::size_t cache_octets = std::size_t{16} * 1024 * 1024;
  /// Called for each question that was sent, from the resolver's thread; empty: nobody wants to
  /// know. Must not throw.
  std::function<void(std::chrono::steady_clock::duration, DnsStatus)> on_question;
};

/// Asks recursive name servers, on a thread of its own, and caches what they say. Questions that
/// are the same and asked at the same time are sent once. Each is sent from a socket of its own, so
/// that a forged answer must guess the port as well as the id.
class StubResolver final : public DnsResolver {
 public:
  /// `kInvalidInput` names a server that is none.
  [[nodiscard]] static policy::Result<std::unique_ptr<StubResolver>> start(DnsSettings settings);

  StubResolver(const StubResolver&) = delete;
  StubResolver& operator=(const StubResolver&) = delete;
  StubResolver(StubResolver&&) = delete;
  StubResolver& operator=(StubResolver&&) = delete;
  /// Questions on their way end as temporary failures.
  ~StubResolver() override;

  [[nodiscard]] DnsAnswer ask(const DnsQuestion& question, Deadline deadline) override;
  void prefetch(const DnsQuestion& question) override;
  void stop() override;

 private:
  class Worker;

  explicit StubResolver(std::unique_ptr<Worker> worker);

  std::unique_ptr<Worker> worker_;
};

}  // namespace gateway
