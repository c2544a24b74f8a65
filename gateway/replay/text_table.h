// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace gateway {

/// Writes rows as a table with aligned columns, the first row being the titles. Columns of numbers
/// are aligned to the right. Cells must be safe to show; all rows have as many.
void write_table(std::ostream& output, const std::vector<std::vector<std::string>>& rows);

}  // namespace gateway
