// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/protection.h"
#include "directory/publish/published_generation.h"
#include "directory/settings.h"
#include "policy/result.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace directory {

/// The people of the generation in force, for directories that are not read in this round. The
/// generation is opened when it is first asked.
class PreviousPeople {
 public:
  explicit PreviousPeople(std::filesystem::path snapshots) : snapshots_(std::move(snapshots)) {}

  /// The people of this directory, as if they were read again now; nobody if the generation has no
  /// such directory, or if there is none yet.
  [[nodiscard]] policy::Result<DirectoryPeople> of(const OrganizationSettings& organization,
                                                   std::string_view directory_name);

 private:
  std::filesystem::path snapshots_;
  bool is_opened_ = false;
  std::optional<PublishedGeneration> generation_;
};

}  // namespace directory
