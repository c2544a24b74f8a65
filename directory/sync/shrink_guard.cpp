// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/shrink_guard.h"

#include "directory/store/directory_content.h"

#include <cstdint>
#include <string>

#include <fmt/format.h>

namespace directory {
namespace {

// A group of three that loses one has lost a third: that is no sign of anything. That no group has
// a member any more is: nobody would be protected by one.
constexpr std::uint64_t kFewMemberships = 10;

bool is_over(std::uint64_t removed, std::uint64_t before, double per_cent) {
  return static_cast<double>(removed) * 100 > static_cast<double>(before) * per_cent;
}

}  // namespace

std::string find_shrink(const RoundWeight& weight, double max_shrink) {
  if (is_over(weight.users_removed, weight.before.users, max_shrink)) {
    return fmt::format("{} of {} users would be gone, over {} %",
                       weight.users_removed,
                       weight.before.users,
                       max_shrink);
  }
  const bool are_many = weight.memberships_removed > kFewMemberships ||
                        weight.memberships_removed == weight.before.memberships;
  if (are_many && is_over(weight.memberships_removed, weight.before.memberships, max_shrink)) {
    return fmt::format("{} of {} group memberships would be gone, over {} %",
                       weight.memberships_removed,
                       weight.before.memberships,
                       max_shrink);
  }
  return {};
}

}  // namespace directory
