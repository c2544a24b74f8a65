// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_store.h"
#include "directory/store/directory_key.h"

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Which posture findings are asked for. What is empty or absent does not narrow.
struct FindingFilter {
  std::string finding;   ///< id
  std::string category;  ///< as the findings have it
  std::optional<Severity> severity;
  std::optional<FindingState> state;
  std::string text;  ///< in the subject's name or id, in any case

  [[nodiscard]] bool admits(const PostureFinding& found) const;
};

/// The query keys of a filter, with those that `directories_asked` reads.
inline constexpr std::array<std::string_view, 7> kFindingKeys{
    "organization", "directory", "finding", "category", "severity", "state", "text"};

/// What the query keys say; 400 for a word that is none.
[[nodiscard]] std::expected<FindingFilter, Problem> finding_filter_of(const ApiRequest& request);

/// The directories that the asker may see and the query does not leave out.
[[nodiscard]] std::expected<std::vector<DirectoryKey>, Problem> directories_asked(
    const ApiServices& services, const ApiRequest& request);

}  // namespace directory
