// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/email_list_file.h"

#include "directory/csv/csv_reader.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return "";
  }
  return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

Result<std::vector<EmailListEntry>> read_lines(const std::filesystem::path& file,
                                               const std::string& person) {
  std::ifstream input{file};
  if (!input) {
    return policy::fail(ErrorCode::kNotFound, "cannot read " + file.string());
  }
  std::vector<EmailListEntry> entries;
  std::string line;
  for (std::uint64_t number = 1; std::getline(input, line); ++number) {
    std::string address = trimmed(line);
    if (!address.empty()) {
      entries.push_back({.line = number, .person = person, .address = std::move(address)});
    }
  }
  return entries;
}

void add_row(std::vector<EmailListEntry>& entries,
             std::uint64_t line,
             const std::string& person,
             std::string_view addresses) {
  while (!addresses.empty()) {
    const std::size_t end = std::min(addresses.find_first_of(";\n"), addresses.size());
    std::string address = trimmed(addresses.substr(0, end));
    addresses.remove_prefix(std::min(end + 1, addresses.size()));
    if (!address.empty()) {
      entries.push_back({.line = line, .person = person, .address = std::move(address)});
    }
  }
}

// The column of this name; nothing if the header has none.
std::optional<std::size_t> column_of(const CsvRow& header, std::string_view name) {
  const auto found = std::ranges::find_if(
      header.fields, [&](const std::string& field) { return trimmed(field) == name; });
  return found == header.fields.end()
             ? std::nullopt
             : std::optional{static_cast<std::size_t>(found - header.fields.begin())};
}

// Where the two columns are.
struct Columns {
  std::size_t person = 0;
  std::size_t addresses = 0;
};

// The next row that is none with a defect; nothing at the end.
Result<std::optional<CsvRow>> next_row(CsvReader& reader, const std::filesystem::path& file) {
  auto row = reader.next();
  const CsvRow read = row.has_value() ? row->value_or(CsvRow{}) : CsvRow{};
  if (!read.defect.empty()) {
    return policy::fail(ErrorCode::kInvalidInput,
                        file.string() + ":" + std::to_string(read.line) + ": " + read.defect);
  }
  return row;
}

Result<Columns> read_header(CsvReader& reader, const std::filesystem::path& file) {
  const auto row = next_row(reader, file);
  if (!row.has_value()) {
    return std::unexpected{row.error()};
  }
  const CsvRow header = row->value_or(CsvRow{});
  const auto person = column_of(header, "Email");
  const auto addresses = column_of(header, "Secondary_Emails");
  if (!person.has_value() || !addresses.has_value()) {
    return policy::fail(ErrorCode::kInvalidInput,
                        file.string() +
                            ":1: the header needs the columns Email and "
                            "Secondary_Emails; for one address a line name the person "
                            "with --person");
  }
  return Columns{.person = *person, .addresses = *addresses};
}

Result<std::vector<EmailListEntry>> read_rows(CsvReader& reader,
                                              const std::filesystem::path& file) {
  const auto columns = read_header(reader, file);
  if (!columns.has_value()) {
    return std::unexpected{columns.error()};
  }
  std::vector<EmailListEntry> entries;
  while (true) {
    const auto row = next_row(reader, file);
    if (!row.has_value()) {
      return std::unexpected{row.error()};
    }
    if (!row->has_value()) {
      return entries;
    }
    const CsvRow read = row->value_or(CsvRow{});
    if (std::max(columns->person, columns->addresses) >= read.fields.size()) {
      return policy::fail(
          ErrorCode::kInvalidInput,
          file.string() + ":" + std::to_string(read.line) + ": the row has too few fields");
    }
    add_row(
        entries, read.line, trimmed(read.fields[columns->person]), read.fields[columns->addresses]);
  }
}

}  // namespace

Result<std::vector<EmailListEntry>> read_email_list(const std::filesystem::path& file,
                                                    const std::string& person) {
  if (!person.empty()) {
    return read_lines(file, person);
  }
  auto reader = CsvReader::open(file);
  if (!reader.has_value()) {
    return std::unexpected{std::move(reader).error()};
  }
  return read_rows(*reader, file);
}

}  // namespace directory
