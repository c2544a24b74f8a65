// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <string>

namespace directory {

/// How the database of a generation is written. Included by the files of this folder that speak to
/// RocksDB, and by nobody else.
[[nodiscard]] rocksdb::Options writer_options();

/// How it is read back: nothing is written, no log, no thread.
[[nodiscard]] rocksdb::Options reader_options();

/// A status as a result: `kInvalidInput` for a damaged database, `kUnavailable` for the rest.
[[nodiscard]] policy::Result<void> database_result(const std::string& doing,
                                                   const rocksdb::Status& status);

}  // namespace directory
