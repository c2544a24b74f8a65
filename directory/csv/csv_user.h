// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/csv/csv_directory.h"
#include "directory/csv/csv_reader.h"
#include "directory/csv/row_problems.h"
#include "directory/people/directory_user.h"
#include "policy/result.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace directory {

/// Which field of a row is which column.
class CsvHeader {
 public:
  enum class Column { kDisplayName, kEmail, kSecondaryEmails, kGroups, kGivenName, kSurname };
  static constexpr std::size_t kColumns = 6;

  /// Tells what is wrong with the header row; nothing if rows cannot be read by it.
  [[nodiscard]] static std::optional<CsvHeader> read(const CsvRow& row, RowProblems& problems);

  [[nodiscard]] std::size_t fields() const { return fields_; }

  /// The field of that column; empty if the file has no such column. The row has `fields` fields.
  [[nodiscard]] std::string_view value(const CsvRow& row, Column column) const;

 private:
  bool add(const CsvRow& row, std::size_t index, RowProblems& problems);
  [[nodiscard]] bool has(Column column) const;

  std::array<std::optional<std::size_t>, kColumns> positions_{};
  std::size_t fields_ = 0;
};

/// The user of a row; `kInvalidInput` says what is wrong with the first wrong field.
[[nodiscard]] policy::Result<DirectoryUser> read_user(const CsvRow& row, const CsvHeader& header);

}  // namespace directory
