// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <string_view>

namespace directory {

/// How the state database is kept: in little memory, with no log of RocksDB's own. Included by the
/// files of this folder that speak to RocksDB, and by nobody else.
[[nodiscard]] rocksdb::Options state_options();

/// A status as a result: `kInvalidInput` with what to do for a damaged database, `kUnavailable` for
/// the rest.
[[nodiscard]] policy::Result<void> state_result(std::string_view doing,
                                                const rocksdb::Status& status);

}  // namespace directory
