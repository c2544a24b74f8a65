// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace directory {

/// A mailbox that may hold a copy.
struct Mailbox {
  std::string user_id;
  std::string address;  ///< for people: primary address, or principal name
};

/// A group that recipients reach through its address.
struct ExpandedGroup {
  std::string address;  ///< as asked
  std::string name;
  std::uint64_t members = 0;  ///< users in it, nested groups closed
};

/// Who some addresses are.
struct Recipients {
  std::vector<Mailbox> mailboxes;  ///< each once, by user id; the members of the groups too
  std::vector<ExpandedGroup> groups;
  std::vector<std::string> unknown;  ///< addresses that nobody in the directory has
};

/// Who has these addresses in this directory: people by any of their addresses, groups by theirs.
/// Goes through the people once.
[[nodiscard]] policy::Result<Recipients> find_recipients(const ContentView& view,
                                                         const std::vector<std::string>& addresses);

}  // namespace directory
