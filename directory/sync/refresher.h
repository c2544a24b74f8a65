// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/carry_forward.h"
#include "directory/people/content.h"
#include "directory/people/protection.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "policy/event.h"
#include "policy/result.h"

#include <compare>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace directory {

/// A directory, as an index in `Settings::organizations` and one in its `directories`.
struct DirectoryIndex {
  std::size_t organization;
  std::size_t directory;

  friend auto operator<=>(const DirectoryIndex&, const DirectoryIndex&) = default;
};

/// Every directory of the settings.
[[nodiscard]] std::set<DirectoryIndex> all_directories(const Settings& settings);

/// Reads the protected people of one directory. Its bad rows are written to standard error, one a
/// line.
[[nodiscard]] policy::Result<DirectoryPeople> read_directory(
    const OrganizationSettings& organization, const DirectorySettings& directory);

/// What came of a round.
struct RoundResult {
  std::vector<policy::Error> failed_directories;
  std::optional<policy::Error> publish_failure;

  [[nodiscard]] bool is_good() const {
    return failed_directories.empty() && !publish_failure.has_value();
  }
};

/// Reads directories and publishes what they hold, with the people of all others as they are in
/// the generation in force. A directory that fails keeps its people likewise. Logs what it does.
class Refresher {
 public:
  /// All three must outlive the refresher.
  Refresher(const Settings& settings, Publisher& publisher, const policy::EventLog& log)
      : settings_(&settings), publisher_(&publisher), log_(&log) {}

  /// One round. Where none of the directories `due` can be read, nothing is published.
  [[nodiscard]] RoundResult refresh(const std::set<DirectoryIndex>& due);

 private:
  using Read = std::vector<std::vector<std::optional<DirectoryPeople>>>;

  [[nodiscard]] Read read_due(const std::set<DirectoryIndex>& due, RoundResult& result) const;
  [[nodiscard]] policy::Result<DirectoryPeople> carry_forward(PreviousPeople& previous,
                                                              const DirectoryIndex& index,
                                                              bool has_failed) const;
  [[nodiscard]] policy::Result<std::vector<OrganizationPeople>> with_carried_forward(
      Read read, const std::set<DirectoryIndex>& due) const;
  [[nodiscard]] policy::Result<void> publish(Read read, const std::set<DirectoryIndex>& due) const;
  void log_warnings(const OrganizationPeople& people) const;

  const Settings* settings_;
  Publisher* publisher_;
  const policy::EventLog* log_;
};

}  // namespace directory
