// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace directory {

/// One record of a CSV file.
struct CsvRow {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
  std::string defect;  ///< why it is no CSV, and what would be; empty if it is
};

/// Reads a CSV file as RFC 4180 defines it, row by row and in bounded memory: quoted fields may
/// hold commas, line ends and doubled quotes. Lines may end with LF too. Empty lines are skipped. A
/// row with a defect is given with it, and reading goes on with the next line.
class CsvReader {
 public:
  static constexpr std::size_t kMaximumRowOctets = std::size_t{1024} * 1024;
  static constexpr std::size_t kMaximumFields = 1000;

  /// `kNotFound` if there is no such file, `kInvalidInput` if it is no regular file. A UTF-8 byte
  /// order mark at its begin is skipped.
  [[nodiscard]] static policy::Result<CsvReader> open(const std::filesystem::path& path);

  /// The next row; nothing at the end of the file.
  [[nodiscard]] policy::Result<std::optional<CsvRow>> next();

  /// How many octets have been read.
  [[nodiscard]] std::uint64_t octets() const { return octets_; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };

  static constexpr int kEnd = -1;

  CsvReader(std::filesystem::path path, std::FILE* file) : path_(std::move(path)), file_(file) {}

  [[nodiscard]] int peek();
  int take();
  void fill();
  void skip_byte_order_mark();
  void read_row(CsvRow& row);
  void read_field(CsvRow& row, std::string& field);
  void read_quoted(CsvRow& row, std::string& field);
  void read_unquoted(CsvRow& row, std::string& field);
  void skip_line();

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t octets_ = 0;
  std::uint64_t line_ = 1;
  std::size_t row_octets_ = 0;
  int error_ = 0;
};

}  // namespace directory
