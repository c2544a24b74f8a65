// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/schema.h"

#include "directory/store/damage.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::string_view kVersionKey = "version";

constexpr Table kTables[] = {Table::kDirectories,    Table::kSyncStates,
                             Table::kUsers,          Table::kGroups,
                             Table::kGroupMembers,   Table::kMemberGroups,
                             Table::kProtections,    Table::kSecondaryEmails,
                             Table::kDomains,        Table::kNotifications,
                             Table::kAudit,          Table::kConsents,
                             Table::kAccounts,       Table::kSessions,
                             Table::kTokens,         Table::kSetUp,
                             Table::kMxSightings,    Table::kProvisioning,
                             Table::kPostureScans,   Table::kPostureFindings,
                             Table::kPosturePending, Table::kPostureRecipients,
                             Table::kSinks,          Table::kDetectionMarks,
                             Table::kPulls,          Table::kPullMailboxes,
                             Table::kPulledCopies};

Result<void> begin(StateDatabase& database, std::uint64_t version) {
  for (const Table table : kTables) {
    const auto cursor = database.cursor(table, "", "");
    if (auto read = cursor->status(); !read.has_value()) {
      return read;
    }
    if (cursor->is_valid()) {
      return damaged("the state database does not say its schema version");
    }
  }
  StateBatch batch;
  batch.put(Table::kSchema, kVersionKey, std::to_string(version));
  return database.commit(std::move(batch));
}

Result<void> step(StateDatabase& database,
                  std::uint64_t version,
                  std::span<const Migration> migrations) {
  const auto migration = std::ranges::find(migrations, version, &Migration::from);
  if (migration == migrations.end()) {
    return fail(ErrorCode::kInvalidInput,
                "the state database has schema version " + std::to_string(version) +
                    ", which this program cannot bring up to date; install a version of "
                    "fromguard-directory in between first");
  }
  StateBatch batch;
  if (auto run = migration->run(database, batch); !run.has_value()) {
    return fail("bring the state database to schema version " + std::to_string(version + 1),
                run.error());
  }
  batch.put(Table::kSchema, kVersionKey, std::to_string(version + 1));
  return database.commit(std::move(batch));
}

}  // namespace

std::span<const Migration> migrations() {
  return {};
}

Result<std::optional<std::uint64_t>> schema_version(const StateReader& database) {
  const auto read = database.get(Table::kSchema, kVersionKey);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& text = *read;
  if (!text.has_value()) {
    return std::nullopt;
  }
  const std::string& digits = *text;
  std::uint64_t version = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (problem != std::errc{} || end != digits.data() + digits.size()) {
    return damaged("the schema version of the state database is no number");
  }
  return version;
}

Result<void> migrate(StateDatabase& database,
                     std::uint64_t newest,
                     std::span<const Migration> migrations) {
  const auto read = schema_version(database);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::uint64_t>& found = *read;
  if (!found.has_value()) {
    return begin(database, newest);
  }
  if (*found > newest) {
    return fail(ErrorCode::kInvalidInput,
                "the state database has schema version " + std::to_string(*found) +
                    " and was written by a newer fromguard-directory; this one knows versions up "
                    "to " +
                    std::to_string(newest) +
                    ". Install the newer one again, or restore the state from a backup made "
                    "before the upgrade");
  }
  for (std::uint64_t version = *found; version < newest; ++version) {
    if (auto stepped = step(database, version, migrations); !stepped.has_value()) {
      return stepped;
    }
  }
  return {};
}

}  // namespace directory
