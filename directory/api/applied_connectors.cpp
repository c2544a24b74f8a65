// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/applied_connectors.h"

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"

#include <expected>

namespace directory {

std::expected<void, Problem> refuse_applied_connectors(const ApiServices& services,
                                                       const DirectoryKey& key) {
  const auto record = read_provisioning(*services.database, key);
  if (!record.has_value()) {
    return refuse(record.error());
  }
  if (record->is_applied) {
    return refuse_conflict("connectors of fromguard are in the tenant of " + name_of(key) +
                           "; remove them first: connectors remove");
  }
  return {};
}

}  // namespace directory
