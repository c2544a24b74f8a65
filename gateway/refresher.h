// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/in_force_source.h"
#include "gateway/metrics.h"
#include "gateway/snapshot/open_generation.h"
#include "policy/event.h"

#include <string>

namespace gateway {

/// Looks after what is in force: finds changes, logs and counts what became of them. Of one thread;
/// keeps references to what it is made with.
class Refresher {
 public:
  Refresher(InForceSource& source, Metrics& metrics, const policy::EventLog& log)
      : source_(source), metrics_(metrics), log_(log) {}

  void refresh_policy(bool even_if_unchanged) { report(source_.refresh_policy(even_if_unchanged)); }

  /// Logs and counts what became of the policy.
  void report(const PolicyReload& reload);

  void refresh_outbound_tenants(bool even_if_unchanged);

  void refresh_snapshot();

  [[nodiscard]] bool has_snapshot() const { return source_.snapshot_facts().generation != nullptr; }

  /// What is in force, in one sentence for people.
  [[nodiscard]] std::string status() const;

 private:
  // Whether what was read is refused; its problems are told as this event then.
  [[nodiscard]] bool tell_problems(const PolicyReload& reload, policy::EventId refusal) const;
  void log_opened(const OpenGeneration* before, const OpenGeneration& opened) const;

  InForceSource& source_;
  Metrics& metrics_;
  const policy::EventLog& log_;
};

}  // namespace gateway
