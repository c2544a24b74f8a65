// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <string_view>

namespace directory {

/// Adds audit entries to a batch of changes, with ascending numbers.
class AuditTrail {
 public:
  /// Begins after the last entry that is written.
  [[nodiscard]] static policy::Result<AuditTrail> open(const StateReader& reader);

  /// The number is given here; the time too, unless the entry has one.
  void add(StateBatch& batch, AuditEntry entry);

 private:
  explicit AuditTrail(std::uint64_t next) : next_(next) {}

  std::uint64_t next_;
};

/// The number of the last record of a table whose keys are numbers; 0 if it is empty.
[[nodiscard]] policy::Result<std::uint64_t> last_number(const StateReader& reader, Table table);

/// Seconds since 1970.
[[nodiscard]] std::int64_t current_time();

/// Writes the batch together with this entry.
[[nodiscard]] policy::Result<void> commit_audited(StateDatabase& database,
                                                  StateBatch batch,
                                                  AuditEntry entry);

}  // namespace directory
