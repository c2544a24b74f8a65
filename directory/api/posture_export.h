// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/finding_filter.h"
#include "directory/http/server.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"

#include <memory>
#include <vector>

namespace directory {

enum class ExportFormat { kCsv, kJson };

/// The findings of these directories that the filter admits, each as it is when it is its turn: one
/// line of CSV (RFC 4180) each, or one JSON array. Cells that a spreadsheet would take for a
/// formula begin with an apostrophe. The reader must be there while pieces are asked for, and need
/// not outlive the stream.
[[nodiscard]] std::shared_ptr<BodyStream> export_findings(const StateReader& reader,
                                                          std::vector<DirectoryKey> directories,
                                                          FindingFilter filter,
                                                          ExportFormat format);

}  // namespace directory
