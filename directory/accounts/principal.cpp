// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/principal.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace directory {

std::string_view word_of(Role role) {
  switch (role) {
    case Role::kViewer: return "viewer";
    case Role::kOperator: return "operator";
    case Role::kAdmin: return "admin";
  }
  return "viewer";
}

std::optional<Role> role_of(std::string_view word) {
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin}) {
    if (word_of(role) == word) {
      return role;
    }
  }
  return std::nullopt;
}

bool may_act_as(Role role, Role needed) {
  switch (needed) {
    case Role::kViewer: return true;
    case Role::kOperator: return role != Role::kViewer;
    case Role::kAdmin: return role == Role::kAdmin;
  }
  return false;
}

bool includes(const OrganizationScope& outer, const OrganizationScope& inner) {
  if (!outer.has_value()) {
    return true;
  }
  return inner.has_value() && std::ranges::includes(*outer, *inner);
}

}  // namespace directory
