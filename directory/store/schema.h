// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace directory {

/// Brings the database from one version of the schema to the next: reads what there is and puts
/// the changes into the batch. Fields that are new in a record need none, they read as defaults.
struct Migration {
  std::uint64_t from = 0;
  std::function<policy::Result<void>(const StateReader& database, StateBatch& batch)> run;
};

/// The migrations of this program, one for each version before `StateDatabase::kSchemaVersion`.
[[nodiscard]] std::span<const Migration> migrations();

/// The version of the schema that the database says it has; nothing if it says none.
[[nodiscard]] policy::Result<std::optional<std::uint64_t>> schema_version(
    const StateReader& database);

/// Runs what migrations lead to version `newest`, each written together with its version. A
/// database without any record becomes one of that version.
[[nodiscard]] policy::Result<void> migrate(StateDatabase& database,
                                           std::uint64_t newest,
                                           std::span<const Migration> migrations);

}  // namespace directory
