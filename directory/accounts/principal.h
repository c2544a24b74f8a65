// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace directory {

/// What somebody may do; each may do what those before it may. As stored: never reuse a letter.
enum class Role : char {
  kViewer = 'v',    ///< read
  kOperator = 'o',  ///< and protect, sync, enable, pull
  kAdmin = 'a',     ///< and directories, accounts, tokens
};

/// `viewer`, `operator`, `admin`.
[[nodiscard]] std::string_view word_of(Role role);

/// Nothing if it is none of these words.
[[nodiscard]] std::optional<Role> role_of(std::string_view word);

/// Whether this role may do what `needed` may.
[[nodiscard]] bool may_act_as(Role role, Role needed);

/// The organizations that somebody may see; nothing: all of them, also those to come.
using OrganizationScope = std::optional<std::set<std::string, std::less<>>>;

/// Whether `outer` holds all that `inner` holds.
[[nodiscard]] bool includes(const OrganizationScope& outer, const OrganizationScope& inner);

/// Who asks something of the daemon.
struct Principal {
  enum class Means {
    kNone,     ///< nobody has said who it is
    kSocket,   ///< the Unix socket, by the kernel's word
    kSession,  ///< a browser with a session's cookie
    kToken,    ///< a program with an API token
  };

  Means means = Means::kNone;
  std::string name;  ///< for the audit log: `root`, `ada`, `token backup of ada`
  Role role = Role::kViewer;
  OrganizationScope organizations;
  std::string account;  ///< of a session or a token: the name of its account
  std::string session;  ///< of a session: its number in the store, for rotation and sign-out

  [[nodiscard]] bool may_see(std::string_view organization) const {
    return !organizations.has_value() || organizations->contains(organization);
  }

  /// Whether every organization may be seen.
  [[nodiscard]] bool is_unscoped() const { return !organizations.has_value(); }
};

}  // namespace directory
