// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "policy/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace directory {

/// A group, and what it is in.
struct KnownGroup {
  std::string id;
  std::string name;                  ///< display name, as the source has it
  std::string folded_name;           ///< `directory::folded_name` of it
  std::vector<std::string> parents;  ///< ids of the groups that it is a direct member of
};

/// The groups of one set in force, each read when it is first asked for. Not thread-safe.
class KnownGroups {
 public:
  /// The group of this id, read from `view` if it is not known; null if there is none. Good as long
  /// as this object is.
  [[nodiscard]] policy::Result<const KnownGroup*> find(const ContentView& view,
                                                       const std::string& id);

  [[nodiscard]] std::size_t size() const { return groups_.size(); }

 private:
  std::map<std::string, std::optional<KnownGroup>, std::less<>> groups_;
};

/// The groups of all sets in force that were asked for, so that each page of people does not read
/// them again. Holds at most `kMostGroups` of a directory when a view is opened. Not thread-safe.
class GroupMemory {
 public:
  static constexpr std::size_t kMostGroups = 50'000;

  /// The groups of what the view shows: those known so far while it is the same set in the same
  /// state, none when a round was put in force since.
  [[nodiscard]] std::shared_ptr<KnownGroups> of(const DirectoryKey& key, const ContentView& view);

 private:
  struct Remembered {
    SyncState in_force;
    std::shared_ptr<KnownGroups> groups;
  };

  std::map<DirectoryKey, Remembered> directories_;
};

}  // namespace directory
