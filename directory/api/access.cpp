// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/access.h"

#include "directory/accounts/principal.h"
#include "directory/http/server.h"
#include "directory/http/unix_socket.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <grp.h>
#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

namespace directory {
namespace {

constexpr std::size_t kEntryOctets = 16384;

struct User {
  std::string name;
  gid_t group;
};

std::optional<User> user_of(uid_t number) {
  std::array<char, kEntryOctets> octets{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(number, &entry, octets.data(), octets.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return User{.name = found->pw_name, .group = found->pw_gid};
}

bool is_member(const User& user, gid_t group) {
  int count = 0;
  ::getgrouplist(user.name.c_str(), user.group, nullptr, &count);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
  return ::getgrouplist(user.name.c_str(), user.group, groups.data(), &count) >= 0 &&
         std::ranges::find(groups, group) != groups.end();
}

Principal admin_named(const std::string& name) {
  Principal principal;
  principal.means = Principal::Means::kSocket;
  principal.name = name;
  principal.role = Role::kAdmin;
  return principal;
}

}  // namespace

std::optional<Principal> allowed_peer(const PeerCredentials& peer, const std::string& group) {
  if (peer.user == 0) {
    return admin_named("root");
  }
  const auto user = user_of(peer.user);
  const auto number = group_number(group);
  const bool is_in_group = number.has_value() && (peer.group == *number ||
                                                  (user.has_value() && is_member(*user, *number)));
  if (peer.user != ::geteuid() && !is_in_group) {
    return std::nullopt;
  }
  return admin_named(user.has_value() ? user->name : "uid " + std::to_string(peer.user));
}

}  // namespace directory
