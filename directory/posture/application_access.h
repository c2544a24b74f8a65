// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/posture_queries.h"
#include "directory/posture/looks.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace directory {

/// Whether it is an application of another vendor than Microsoft and the tenant itself.
[[nodiscard]] bool is_foreign(const PostureServicePrincipal& principal, const std::string& tenant);

/// Which services applications reach, with what, and on behalf of whom.
class ApplicationAccess {
 public:
  /// Users are named as the directory in force has them. The database must be there while it is
  /// asked, and need not outlive this: a scan that waits is given up after it is closed.
  ApplicationAccess(const StateDatabase& database, DirectoryKey key);

  void add_principals(const std::vector<PostureServicePrincipal>& principals);
  void add_grants(const std::vector<DelegatedGrant>& grants);
  /// `grants` are those of the service principals of these ids, in their order.
  void add_role_grants(const std::vector<std::string>& ids,
                       const std::vector<GraphResult<std::vector<AppRoleGrant>>>& grants);

  /// What the service principal of this id reaches, by the service's name.
  [[nodiscard]] std::vector<ServiceAccess> of_principal(const std::string& id) const;

  /// What the application reaches by its service principal in the tenant, if it has one.
  [[nodiscard]] std::vector<ServiceAccess> of_application(const std::string& app_id) const;

 private:
  /// By the id of the service that is reached.
  struct Reached {
    std::string name;
    std::set<std::string> scopes;
    std::set<std::string> users;  // by id
    bool is_for_all = false;
  };

  [[nodiscard]] std::string user_label(const std::string& id) const;
  [[nodiscard]] std::string service_name(const std::string& id) const;

  const StateDatabase* database_;
  DirectoryKey key_;
  std::map<std::string, std::string> names_;                       // of service principals, by id
  std::map<std::string, std::string> principals_;                  // by appId
  std::map<std::string, std::map<std::string, Reached>> reached_;  // by client, by service
};

}  // namespace directory
