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

Result<std::vector<EmailListEntry>> read_rows(CsvReader& reader,
                                              const std::filesystem::path& file) {
  std::optional<std::size_t> person;
  std::optional<std::size_t> addresses;
  std::vector<EmailListEntry> entries;
  while (true) {
    const auto row = reader.next();
    if (!row.has_value()) {
      return std::unexpected{row.error()};
    }
    if (!row->has_value()) {
      return entries;
    }
    const CsvRow& read = **row;
    const std::string place = file.string() + ":" + std::to_string(read.line) + ": ";
    if (!read.defect.empty()) {
      return policy::fail(ErrorCode::kInvalidInput, place + read.defect);
    }
    if (!person.has_value()) {
      person = column_of(read, "Email");
      addresses = column_of(read, "Secondary_Emails");
      if (!person.has_value() || !addresses.has_value()) {
        return policy::fail(ErrorCode::kInvalidInput,
                            place +
                                "the header needs the columns Email and Secondary_Emails; for "
                                "one address a line name the person with --person");
      }
      continue;
    }
    if (std::max(*person, *addresses) >= read.fields.size()) {
      return policy::fail(ErrorCode::kInvalidInput, place + "the row has too few fields");
    }
    add_row(entries, read.line, trimmed(read.fields[*person]), read.fields[*addresses]);
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
