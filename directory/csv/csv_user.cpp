// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/csv_user.h"

#include "directory/csv/csv_reader.h"
#include "directory/csv/row_problems.h"
#include "directory/people/directory_user.h"
#include "policy/config/problems.h"
#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;
using Column = CsvHeader::Column;

constexpr std::size_t kMaximumNameOctets = 1024;

constexpr std::array<std::pair<std::string_view, Column>, CsvHeader::kColumns> kColumnNames{
    {{"display_name", Column::kDisplayName},
     {"email", Column::kEmail},
     {"secondary_emails", Column::kSecondaryEmails},
     {"groups", Column::kGroups},
     {"given_name", Column::kGivenName},
     {"surname", Column::kSurname}}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(";\r\n");
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) {
      parts.push_back(part);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

Result<std::string> read_name(std::string_view column, std::string_view raw) {
  const std::string_view name = trimmed(raw);
  const bool has_control =
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (has_control || name.size() > kMaximumNameOctets) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} {} has a control character or is over 1024 octets; write the name "
                            "on one line",
                            column,
                            policy::quoted_excerpt(name)));
  }
  return std::string{name};
}

Result<void> add_addresses(DirectoryUser& user, std::span<const std::string_view> texts) {
  for (const std::string_view text : texts) {
    auto address = policy::parse_configured_address(text);
    if (!address.has_value()) {
      return std::unexpected{std::move(address).error()};
    }
    if (std::ranges::find(user.addresses, *address) == user.addresses.end()) {
      user.addresses.push_back(*std::move(address));
    }
  }
  return {};
}

Result<void> check_row(const CsvRow& row, const CsvHeader& header) {
  if (!row.defect.empty()) {
    return fail(ErrorCode::kInvalidInput, row.defect);
  }
  if (row.fields.size() != header.fields()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the row has {} fields and the header {}; quote fields that hold a "
                            "comma",
                            row.fields.size(),
                            header.fields()));
  }
  for (const std::string& field : row.fields) {
    if (policy::first_invalid_utf8(field).has_value()) {
      return fail(
          ErrorCode::kInvalidInput,
          fmt::format("{} is not UTF-8; save the file as UTF-8", policy::quoted_excerpt(field)));
    }
  }
  return {};
}

}  // namespace

std::optional<CsvHeader> CsvHeader::read(const CsvRow& row, RowProblems& problems) {
  CsvHeader header;
  header.fields_ = row.fields.size();
  bool is_usable = row.defect.empty();
  if (!is_usable) {
    problems.error(row.line, row.defect);
  }
  for (std::size_t i = 0; i < row.fields.size() && is_usable; ++i) {
    is_usable = header.add(row, i, problems);
  }
  if (is_usable && (!header.has(Column::kDisplayName) || !header.has(Column::kEmail))) {
    problems.error(row.line,
                   "the header row lacks Display_Name or Email; begin the file with "
                   "'Display_Name,Email'");
    is_usable = false;
  }
  return is_usable ? std::optional{header} : std::nullopt;
}

std::string_view CsvHeader::value(const CsvRow& row, Column column) const {
  const auto index = positions_.at(static_cast<std::size_t>(column));
  return index.has_value() ? std::string_view{row.fields[*index]} : std::string_view{};
}

bool CsvHeader::add(const CsvRow& row, std::size_t index, RowProblems& problems) {
  std::string name = policy::fold_case(trimmed(row.fields[index]));
  std::ranges::replace(name, ' ', '_');
  const auto* const column =
      std::ranges::find(kColumnNames, name, &std::pair<std::string_view, Column>::first);
  const std::string shown = policy::quoted_excerpt(row.fields[index]);
  if (column == kColumnNames.end()) {
    problems.warning(row.line, fmt::format("column {} is ignored", shown));
    return true;
  }
  auto& position = positions_.at(static_cast<std::size_t>(column->second));
  if (position.has_value()) {
    problems.error(row.line, fmt::format("column {} is there twice; remove one", shown));
    return false;
  }
  position = index;
  return true;
}

bool CsvHeader::has(Column column) const {
  return positions_.at(static_cast<std::size_t>(column)).has_value();
}

Result<DirectoryUser> read_user(const CsvRow& row, const CsvHeader& header) {
  if (auto checked = check_row(row, header); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  DirectoryUser user;
  for (const auto& [column, name, member] :
       {std::tuple{Column::kDisplayName, "Display_Name", &user.display_name},
        std::tuple{Column::kGivenName, "Given_Name", &user.given_name},
        std::tuple{Column::kSurname, "Surname", &user.surname}}) {
    auto read = read_name(name, header.value(row, column));
    if (!read.has_value()) {
      return std::unexpected{std::move(read).error()};
    }
    *member = *std::move(read);
  }
  if (user.display_name.empty()) {
    return fail(ErrorCode::kInvalidInput, "Display_Name is empty; write the person's name");
  }
  const std::array<std::string_view, 1> primary{trimmed(header.value(row, Column::kEmail))};
  auto added = add_addresses(user, primary);
  if (added.has_value()) {
    added = add_addresses(user, split_list(header.value(row, Column::kSecondaryEmails)));
  }
  if (!added.has_value()) {
    return std::unexpected{std::move(added).error()};
  }
  user.id = user.addresses.front();
  for (const std::string_view group : split_list(header.value(row, Column::kGroups))) {
    user.groups.emplace_back(group);
  }
  return user;
}

}  // namespace directory
