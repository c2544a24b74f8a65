// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/csv_directory.h"

#include "directory/csv/csv_reader.h"
#include "directory/csv/csv_user.h"
#include "directory/csv/email_index.h"
#include "directory/csv/row_problems.h"
#include "directory/people/directory_user.h"
#include "policy/config/problems.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::uint64_t kMaximumFileOctets = std::uint64_t{8} * 1024 * 1024 * 1024;

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

// The header of the file; nothing, and a problem, if rows cannot be read by it.
Result<std::optional<CsvHeader>> read_header(CsvReader& reader, RowProblems& problems) {
  auto read = reader.next();
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  const std::optional<CsvRow> row = *std::move(read);
  if (!row.has_value()) {
    problems.error(1, "the file is empty; begin it with 'Display_Name,Email'");
    return std::nullopt;
  }
  return CsvHeader::read(*row, problems);
}

Result<std::uint64_t> read_users(CsvReader& reader,
                                 const CsvHeader& header,
                                 const std::function<void(const DirectoryUser&)>& take,
                                 RowProblems& problems) {
  EmailIndex emails;
  std::uint64_t users = 0;
  while (true) {
    auto read = reader.next();
    if (!read.has_value()) {
      return std::unexpected{std::move(read).error()};
    }
    const std::optional<CsvRow> row = *std::move(read);
    if (!row.has_value()) {
      break;
    }
    const auto user = read_user(*row, header);
    if (user.has_value()) {
      emails.add(user->addresses.front(), row->line);
      take(*user);
      ++users;
    } else {
      problems.error(row->line, user.error().message);
    }
  }
  emails.for_each_repeated([&](std::string_view email, std::uint64_t line, std::uint64_t first) {
    problems.error(line,
                   fmt::format("{} is the Email of line {} too; write one row for a person",
                               policy::quoted_excerpt(email),
                               first));
  });
  return users;
}

Result<std::uint64_t> read_rows(CsvReader& reader,
                                const std::function<void(const DirectoryUser&)>& take,
                                RowProblems& problems) {
  auto read = read_header(reader, problems);
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  const std::optional<CsvHeader> header = *std::move(read);
  return header.has_value() ? read_users(reader, *header, take, problems)
                            : Result<std::uint64_t>{0};
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
