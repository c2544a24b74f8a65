// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace directory {

// The values of users, groups and memberships. Ids are in the keys. In the set of a delta a value
// may be the mark that something is gone.

[[nodiscard]] std::string encode_user(const StoredUser& user);

/// Nothing if it is the mark of a user that is gone.
[[nodiscard]] policy::Result<std::optional<StoredUser>> decode_user(std::string id,
                                                                    std::string_view value);

/// A group as a delta changes it.
struct StagedGroup {
  std::optional<StoredGroup> group;  ///< nothing: it is gone
  bool is_cleared = false;           ///< those who were its members before are so no more

  friend bool operator==(const StagedGroup&, const StagedGroup&) = default;
};

[[nodiscard]] std::string encode_group(const StagedGroup& group);

[[nodiscard]] policy::Result<StagedGroup> decode_group(std::string id, std::string_view value);

/// Nothing: the mark of a membership that is gone.
[[nodiscard]] std::string encode_membership(std::optional<StoredMemberKind> kind);

[[nodiscard]] policy::Result<std::optional<StoredMemberKind>> decode_membership(
    std::string_view value);

[[nodiscard]] std::string encode_sync_state(const SyncState& state);

[[nodiscard]] policy::Result<SyncState> decode_sync_state(std::string_view value);

/// The value of a user that is gone.
inline constexpr std::string_view kGone = "null";

}  // namespace directory
