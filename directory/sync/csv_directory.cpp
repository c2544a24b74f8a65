// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/csv_directory.h"

#include "directory/sync/csv_reader.h"
#include "directory/sync/email_index.h"
#include "policy/config/problems.h"
#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::uint64_t kMaximumFileOctets = std::uint64_t{8} * 1024 * 1024 * 1024;
constexpr std::size_t kMaximumNameOctets = 1024;
constexpr std::uint64_t kShownProblems = 100;

enum class Column { kDisplayName, kEmail, kSecondaryEmails, kGroups, kGivenName, kSurname };

constexpr std::array<std::pair<std::string_view, Column>, 6> kColumns{
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

// Tells the first problems of a file and counts the rest.
class RowProblems {
 public:
  RowProblems(const fs::path& path, policy::Problems& problems)
      : file_(path.string()), problems_(&problems) {}

  void error(std::uint64_t line, std::string text) {
    ++count_;
    if (first_.empty()) {
      first_ = fmt::format("line {}: {}", line, text);
    }
    if (count_ <= kShownProblems) {
      problems_->error(place(line), std::move(text));
    }
  }

  void warning(std::uint64_t line, std::string text) {
    problems_->warning(place(line), std::move(text));
  }

  [[nodiscard]] Result<void> result() {
    if (count_ == 0) {
      return {};
    }
    if (count_ > kShownProblems) {
      problems_->error(
          {.file = file_},
          fmt::format("{} more are not shown; mend these first", count_ - kShownProblems));
    }
    return fail(
        ErrorCode::kInvalidInput,
        fmt::format("{}: {} of its rows cannot be used, the first is {}", file_, count_, first_));
  }

 private:
  [[nodiscard]] policy::Place place(std::uint64_t line) const {
    return {.file = file_, .line = static_cast<int>(line), .column = 0};
  }

  std::string file_;
  policy::Problems* problems_;
  std::uint64_t count_ = 0;
  std::string first_;
};

// Which field of a row is which column.
class Header {
 public:
  // Reports what is wrong with the header; nothing if rows cannot be read by it.
  static std::optional<Header> read(const CsvRow& row, RowProblems& problems) {
    Header header;
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

  [[nodiscard]] std::size_t fields() const { return fields_; }

  [[nodiscard]] std::string_view value(const CsvRow& row, Column column) const {
    const auto index = positions_.at(static_cast<std::size_t>(column));
    return index.has_value() ? std::string_view{row.fields[*index]} : std::string_view{};
  }

 private:
  bool add(const CsvRow& row, std::size_t index, RowProblems& problems) {
    std::string name = policy::fold_case(trimmed(row.fields[index]));
    std::ranges::replace(name, ' ', '_');
    const auto* const column =
        std::ranges::find(kColumns, name, &std::pair<std::string_view, Column>::first);
    const std::string shown = policy::quoted_excerpt(row.fields[index]);
    if (column == kColumns.end()) {
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

  [[nodiscard]] bool has(Column column) const {
    return positions_.at(static_cast<std::size_t>(column)).has_value();
  }

  std::array<std::optional<std::size_t>, kColumns.size()> positions_{};
  std::size_t fields_ = 0;
};

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

Result<void> check_row(const CsvRow& row, const Header& header) {
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

Result<DirectoryUser> read_user(const CsvRow& row, const Header& header) {
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
  for (const std::string_view group : split_list(header.value(row, Column::kGroups))) {
    user.groups.emplace_back(group);
  }
  return user;
}

// What a file looked like from outside, to see whether it was written to while it was read.
struct FileState {
  std::uintmax_t size = 0;
  fs::file_time_type written;

  static Result<FileState> of(const fs::path& path) {
    std::error_code error;
    const FileState state{.size = fs::file_size(path, error),
                          .written = fs::last_write_time(path, error)};
    if (error) {
      return fail(error == std::errc::no_such_file_or_directory ? ErrorCode::kNotFound
                                                                : ErrorCode::kUnavailable,
                  path.string() + ": " + error.message());
    }
    return state;
  }

  friend bool operator==(const FileState&, const FileState&) = default;
};

Result<std::uint64_t> read_rows(CsvReader& reader,
                                const std::function<void(const DirectoryUser&)>& take,
                                RowProblems& problems) {
  auto row = reader.next();
  if (!row.has_value()) {
    return std::unexpected{std::move(row).error()};
  }
  if (!row->has_value()) {
    problems.error(1, "the file is empty; begin it with 'Display_Name,Email'");
    return 0;
  }
  const auto header = Header::read(**row, problems);
  if (!header.has_value()) {
    return 0;
  }
  EmailIndex emails;
  std::uint64_t users = 0;
  for (row = reader.next(); row.has_value() && row->has_value(); row = reader.next()) {
    const auto user = read_user(**row, *header);
    if (!user.has_value()) {
      problems.error((*row)->line, user.error().message);
      continue;
    }
    emails.add(user->addresses.front(), (*row)->line);
    take(*user);
    ++users;
  }
  if (!row.has_value()) {
    return std::unexpected{std::move(row).error()};
  }
  emails.for_each_repeated([&](std::string_view email, std::uint64_t line, std::uint64_t first) {
    problems.error(line,
                   fmt::format("{} is the Email of line {} too; write one row for a person",
                               policy::quoted_excerpt(email),
                               first));
  });
  return users;
}

}  // namespace

Result<std::uint64_t> read_csv_directory(const fs::path& path,
                                         const std::function<void(const DirectoryUser&)>& take,
                                         policy::Problems& problems) {
  const auto before = FileState::of(path);
  if (!before.has_value()) {
    return std::unexpected{before.error()};
  }
  if (before->size > kMaximumFileOctets) {
    return fail(ErrorCode::kInvalidInput,
                path.string() + ": the file is over 8 GiB; split it into several directories");
  }
  auto reader = CsvReader::open(path);
  if (!reader.has_value()) {
    return std::unexpected{std::move(reader).error()};
  }
  RowProblems row_problems{path, problems};
  const auto users = read_rows(*reader, take, row_problems);
  if (!users.has_value()) {
    return users;
  }
  const auto after = FileState::of(path);
  if (!after.has_value() || *after != *before) {
    return fail(ErrorCode::kUnavailable,
                path.string() + ": the file changed while it was read; replace it by rename");
  }
  if (auto sound = row_problems.result(); !sound.has_value()) {
    return std::unexpected{std::move(sound).error()};
  }
  return users;
}

}  // namespace directory
