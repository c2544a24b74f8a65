// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/task.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A property of a change: not mentioned (no value), cleared (an empty value) or set.
template <typename T>
using Changed = std::optional<T>;

/// What a delta page tells of one user. Properties that it does not mention are unchanged.
struct UserChange {
  std::string id;
  bool is_removed = false;  ///< `@removed`, for either reason
  Changed<std::string> display_name;
  Changed<std::string> given_name;
  Changed<std::string> surname;
  Changed<std::string> mail;
  Changed<std::string> user_principal_name;
  Changed<std::string> user_type;
  Changed<bool> is_enabled;
  Changed<std::vector<std::string>> proxy_addresses;  ///< as they are, with `SMTP:`
  Changed<std::vector<std::string>> other_mails;
};

enum class MemberKind { kUser, kGroup, kOther };

struct MemberChange {
  std::string id;
  MemberKind kind = MemberKind::kOther;
  bool is_removed = false;
};

/// What a delta page tells of one group. A big group comes in several pieces.
struct GroupChange {
  std::string id;
  bool is_removed = false;
  Changed<std::string> display_name;
  Changed<std::string> mail;
  Changed<std::vector<std::string>> proxy_addresses;
  std::vector<MemberChange> members;  ///< direct ones that came or went
};

/// One page of a delta round. One of the links is set: the round goes on, or is over.
template <typename Change>
struct DeltaPage {
  std::vector<Change> changes;
  std::string next_link;
  std::string delta_link;
};

struct TenantDomain {
  std::string name;
  bool is_verified = false;  ///< absent in the answer reads as false
  bool is_default = false;
  bool is_initial = false;
  std::string authentication_type;  ///< `Managed` or `Federated`
  std::vector<std::string> supported_services;
  std::string mail_exchange;  ///< the MX of serviceConfigurationRecords; empty if there is none
};

struct TenantOrganization {
  std::string id;
  std::string display_name;
};

/// A group with all its people, as `transitiveMembers` tells.
struct GroupWithMembers {
  GroupChange group;
  std::vector<UserChange> users;
};

/// The questions of directory sync. https://learn.microsoft.com/graph/delta-query-overview
class DirectoryQueries {
 public:
  /// `client` must outlive the queries.
  explicit DirectoryQueries(GraphClient& client) : client_(&client) {}

  /// What `users` and `groups` are asked for. Another list needs a full round.
  [[nodiscard]] static std::string_view select_version();

  /// A page of `/users/delta`. An empty link begins a full round.
  [[nodiscard]] Task<GraphResult<DeltaPage<UserChange>>> users_delta(std::string link);

  /// A page of `/groups/delta` with members.
  [[nodiscard]] Task<GraphResult<DeltaPage<GroupChange>>> groups_delta(std::string link);

  /// All domains of the tenant; the mail exchange of those that carry mail is asked for with
  /// `$batch`.
  [[nodiscard]] Task<GraphResult<std::vector<TenantDomain>>> domains();

  [[nodiscard]] Task<GraphResult<TenantOrganization>> organization();

  /// The users of these principal names, with `$batch`; those that are not there are missing.
  [[nodiscard]] Task<GraphResult<std::vector<UserChange>>> users_named(
      std::vector<std::string> principal_names);

  /// The groups whose display name begins with `text` (three characters or more), with everybody in
  /// them, nested groups included. `kRefused` as soon as there are more than `most` people.
  [[nodiscard]] Task<GraphResult<std::vector<GroupWithMembers>>> groups_beginning(std::string text,
                                                                                  std::size_t most);

 private:
  GraphClient* client_;
};

}  // namespace directory
