// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace directory {

/// The groups of one directory and which of them are in which, so that the groups of a user can be
/// told with those that they are nested in. Groups may be in each other in circles. Holds the ids
/// and names of the groups, no users. Not thread-safe.
class GroupClosure {
 public:
  struct Group {
    std::string id;
    std::string name;  ///< display name; the id where that is empty
  };

  [[nodiscard]] static policy::Result<GroupClosure> of(const ContentView& view);

  /// All groups that somebody is in who is a direct member of these, each once, by index. Ids of
  /// groups that are not there are ignored.
  [[nodiscard]] const std::vector<std::uint32_t>& closed(
      const std::vector<std::string>& direct_groups);

  [[nodiscard]] const Group& group(std::uint32_t index) const { return groups_[index]; }

  [[nodiscard]] std::size_t size() const { return groups_.size(); }

 private:
  [[nodiscard]] std::size_t find(const std::string& id) const;
  void reach(std::uint32_t group);

  std::vector<Group> groups_;                        // by id
  std::vector<std::vector<std::uint32_t>> parents_;  // of each group
  std::vector<std::uint64_t> reached_in_;            // the question in which it was reached last
  std::uint64_t question_ = 0;
  std::vector<std::uint32_t> closed_;
};

}  // namespace directory
