// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding_counts.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// How far a scan is: the parts are done in this order.
enum class ScanPhase : char {
  kNone = '-',          ///< none is under way
  kDomains = 'd',       ///< of the tenant, and what DNS says of them
  kApplications = 'a',  ///< and other vendors' service principals
  kUsers = 'u',         ///< listed, and judged by what the list tells
  kMailboxes = 'm',     ///< those listed, one after the other
  kEnd = 'e',           ///< findings of what is no longer there are resolved
};

/// What is known of the scans of one directory.
struct ScanRecord {
  std::uint64_t number = 0;  ///< of the newest scan; 0: there was none
  ScanPhase phase = ScanPhase::kNone;
  std::int64_t started = 0;     ///< of the newest; seconds since 1970
  std::int64_t finished = 0;    ///< when one was last finished; 0: never
  std::int64_t attempted = 0;   ///< when it was last begun or gone on with
  std::string failure;          ///< why it stopped; empty if it did not
  bool is_cancelled = false;    ///< a person has stopped it
  std::string users_link;       ///< the page of users to be listed next; empty: the first
  std::uint64_t users = 0;      ///< listed so far
  std::uint64_t mailboxes = 0;  ///< to be looked at, with those that were
  std::uint64_t mailboxes_done = 0;
  std::uint64_t batches = 0;  ///< of mailboxes, answered
  /// What could not be read at all, and why: `users: the permission ... is missing`.
  std::vector<std::string> unread;
  std::vector<std::string> notes;  ///< what people should know beside the findings
  FindingCounts counts;            ///< of all findings that are kept
};

[[nodiscard]] policy::Result<ScanRecord> read_scan(const StateReader& reader,
                                                   const DirectoryKey& key);

/// Adds the record to the batch.
void put_scan(StateBatch& batch, const DirectoryKey& key, const ScanRecord& record);

}  // namespace directory
