// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"
#include "policy/result.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

// Reads of the state database, as it is or as a snapshot in the options has it. Included by the
// files of this folder that speak to RocksDB, and by nobody else.

/// The key as RocksDB has it: the table comes first.
[[nodiscard]] std::string full_key(Table table, std::string_view key);

[[nodiscard]] policy::Result<std::optional<std::string>> read_record(
    rocksdb::DB& database, const rocksdb::ReadOptions& options, Table table, std::string_view key);

[[nodiscard]] std::unique_ptr<RecordCursor> make_cursor(rocksdb::DB& database,
                                                        const rocksdb::ReadOptions& options,
                                                        Table table,
                                                        std::string_view prefix,
                                                        std::string_view from);

[[nodiscard]] policy::Result<void> visit_backwards(rocksdb::DB& database,
                                                   rocksdb::ReadOptions options,
                                                   Table table,
                                                   std::string_view before,
                                                   const RecordVisitor& visit);

/// A reader of the database as it is now.
[[nodiscard]] std::shared_ptr<const StateReader> make_snapshot(rocksdb::DB& database);

}  // namespace directory
