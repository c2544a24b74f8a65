// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <memory>
#include <string>
#include <vector>

namespace directory {

/// What Postfix needs to relay the enabled domains, as the texts of its lookup tables: a key, a
/// space, a value on each line, sorted. https://www.postfix.org/DATABASE_README.html
struct RelayTables {
  std::string relay_domains;     ///< `DOMAIN OK`
  std::string transport;         ///< `DOMAIN smtp:[NEXTHOP]:25`
  std::string relay_recipients;  ///< `ADDRESS OK`, of people and groups
};

/// Makes the tables. A domain that is enabled but has no next hop any more is left out: mail to it
/// must not be sent to its public MX, which may be this host.
[[nodiscard]] policy::Result<RelayTables> make_relay_tables(
    const std::vector<ImportedDomain>& domains,
    const std::vector<OrganizationSettings>& organizations,
    const std::shared_ptr<const StateReader>& state);

/// Where mail for the domain goes: the operator's choice before the tenant's; empty if unknown.
[[nodiscard]] const std::string& next_hop_of(const ImportedDomain& domain);

}  // namespace directory
