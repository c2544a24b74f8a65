// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/scan_record.h"
#include "directory/posture/transition.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace directory {

/// Changes of the findings of one directory that are written together, with how far the scan is.
/// People are told of a High or Medium finding that is new, before it is written: told twice after
/// a crash, but never not at all. A subject may be observed once in a batch.
class FindingUpdates {
 public:
  /// All must outlive the updates. The counts in `record` go along with the changes.
  FindingUpdates(StateDatabase& database,
                 Records& records,
                 const DirectoryKey& key,
                 ScanRecord& record,
                 std::int64_t now);

  [[nodiscard]] policy::Result<void> observe(const FindingSubject& subject,
                                             const std::vector<Observation>& observations);

  /// Its subject is gone. The finding is one that is kept.
  void disappeared(const PostureFinding& finding);

  /// It has been over for so long that nobody asks.
  void forget(const PostureFinding& finding);

  /// For what is written along.
  [[nodiscard]] StateBatch& batch() { return batch_; }

  /// Writes everything, and the record.
  [[nodiscard]] policy::Result<void> commit();

 private:
  void replace(const std::optional<PostureFinding>& before,
               const std::optional<PostureFinding>& after);

  StateDatabase* database_;
  Records* records_;
  const DirectoryKey* key_;
  ScanRecord* record_;
  ScanTime time_;
  StateBatch batch_;
  std::vector<PostureFinding> opened_;  // High and Medium ones
  std::vector<PostureFinding> closed_;
};

}  // namespace directory
