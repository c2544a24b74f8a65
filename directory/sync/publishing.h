// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <functional>
#include <memory>
#include <vector>

namespace directory {

/// Publishes on a thread of its own, one generation at a time, while the daemon's thread goes on.
class Publishing {
 public:
  /// Gives the organizations as they are in force when a generation is begun.
  using Organizations = std::function<std::vector<OrganizationSettings>()>;

  /// All must outlive the publishing. `executor` is the daemon's.
  Publishing(const Executor& executor,
             Publisher& publisher,
             StateDatabase& database,
             Organizations organizations,
             const policy::EventLog& log);
  Publishing(const Publishing&) = delete;
  Publishing& operator=(const Publishing&) = delete;
  Publishing(Publishing&&) = delete;
  Publishing& operator=(Publishing&&) = delete;

  /// Waits for a generation being made.
  ~Publishing();

  /// Publishes what is in force now, and returns once that, or something newer, is published. Of
  /// several that ask while a generation is made, all are served by the next one.
  [[nodiscard]] Task<policy::Result<Publication>> publish();

  /// What there was to warn of when the last generation was made; empty before the first.
  [[nodiscard]] const std::vector<ProtectionReport>& reports() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory
