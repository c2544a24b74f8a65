// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <functional>
#include <optional>
#include <string>

namespace directory {

/// The key of a finding among all: by organization, directory, finding, subject.
[[nodiscard]] std::string finding_key(const DirectoryKey& key,
                                      const std::string& finding,
                                      const FindingSubject& subject);

/// A finding with where it belongs.
struct KeptFinding {
  DirectoryKey directory;
  PostureFinding finding;
};

/// The finding on this subject; no value if none is kept.
[[nodiscard]] policy::Result<std::optional<PostureFinding>> read_finding(
    const StateReader& reader,
    const DirectoryKey& key,
    const std::string& finding,
    const FindingSubject& subject);

/// Visits findings in the order of their keys, those whose key begins with `prefix` and is not less
/// than `from`. False ends the visit.
[[nodiscard]] policy::Result<void> for_each_finding(
    const StateReader& reader,
    const std::string& prefix,
    const std::string& from,
    const std::function<bool(const std::string& key, KeptFinding finding)>& visit);

/// Adds the finding to the batch.
void put_finding(StateBatch& batch, const DirectoryKey& key, const PostureFinding& finding);

/// Adds its removal.
void remove_finding(StateBatch& batch, const DirectoryKey& key, const PostureFinding& finding);

}  // namespace directory
