// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace directory {

/// How far the Exchange organization of a directory's tenant is provisioned. The ids are those in
/// the marks of our objects, given when it is first planned: without them our objects are not ours.
struct ProvisioningRecord {
  std::string inbound_id;
  std::string outbound_id;
  std::string bypass_id;
  std::string tenant_mark_id;
  std::string tenant;       ///< its id, from a token; empty until it was asked
  bool is_applied = false;  ///< a plan was applied, and nothing was removed since
  bool is_inbound_enabled = false;
  bool is_locked = false;
  bool is_outbound_enabled = false;
  std::int64_t applied = 0;   ///< seconds since 1970; 0: never
  std::int64_t verified = 0;  ///< seconds since 1970; 0: never
  std::string drift;          ///< what was not as it should be when it was last verified; or empty
};

/// The record of this directory; one with empty ids if there is none.
[[nodiscard]] policy::Result<ProvisioningRecord> read_provisioning(const StateReader& reader,
                                                                   const DirectoryKey& key);

/// Writes the record. With an action there is an audit entry beside it, which says what changed.
[[nodiscard]] policy::Result<void> write_provisioning(StateDatabase& database,
                                                      const DirectoryKey& key,
                                                      const ProvisioningRecord& record,
                                                      const std::string& action,
                                                      const Actor& actor);

}  // namespace directory
