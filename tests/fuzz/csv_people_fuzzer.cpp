// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/csv_directory.h"
#include "directory/csv/csv_reader.h"
#include "directory/people/directory_user.h"
#include "policy/config/problems.h"
#include "policy/mail_address.h"
#include "policy/name/charset.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/plain_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace {

// A file that is nowhere on the disk.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view octets) {
    check(::ftruncate(descriptor(), 0) == 0);
    check(::pwrite(descriptor(), octets.data(), octets.size(), 0) ==
          static_cast<ssize_t>(octets.size()));
  }

  [[nodiscard]] static std::filesystem::path path() {
    return "/proc/self/fd/" + std::to_string(descriptor());
  }

 private:
  static int descriptor() {
    static const int opened = ::memfd_create("people", MFD_CLOEXEC);
    return opened;
  }
};

std::string in_quotes(std::string_view field) {
  std::string text{"\""};
  for (const char c : field) {
    text += c == '"' ? "\"\"" : std::string{c};
  }
  return text + '"';
}

// The sound rows of a file, each written with all its fields in quotes.
std::string rows_of(std::string_view octets, bool& is_sound) {
  const MemoryFile file{octets};
  auto reader = directory::CsvReader::open(MemoryFile::path());
  check(reader.has_value());
  std::string written;
  std::uint64_t line = 0;
  while (true) {
    const auto read = reader->next();
    check(read.has_value());
    const std::optional<directory::CsvRow>& row = *read;
    if (!row.has_value()) {
      return written;
    }
    check(row->line >= line && !row->fields.empty());
    line = row->line;
    is_sound = is_sound && row->defect.empty();
    for (const std::string& field : row->fields) {
      written += &field == &row->fields.front() ? "" : ",";
      written += in_quotes(field);
    }
    written += '\n';
  }
}

void check_people(std::string_view octets) {
  const MemoryFile file{octets};
  policy::Problems problems;
  std::uint64_t taken = 0;
  std::set<std::string> ids;
  bool is_repeated = false;
  const auto users = directory::read_csv_directory(
      MemoryFile::path(),
      [&](const directory::DirectoryUser& user) {
        ++taken;
        check(!user.display_name.empty() && policy::is_utf8(user.display_name));
        check(!user.addresses.empty() && user.addresses.front() == user.id);
        is_repeated = is_repeated || !ids.insert(user.id).second;
        for (const std::string& address : user.addresses) {
          check(policy::parse_configured_address(address) == address);
        }
        check(std::ranges::all_of(user.groups, policy::is_utf8));
      },
      problems);
  check(users.has_value() != problems.has_errors());
  check(!users.has_value() || (*users == taken && !is_repeated));
  check(problems.all().size() <= 1200);
  for (const policy::Problem& problem : problems.all()) {
    check(is_plain(format_problem(problem)));
  }
}

constexpr auto kPieces = std::to_array<std::string_view>({"Display_Name,Email\n",
                                                          "Display Name",
                                                          "Email",
                                                          "Secondary_Emails",
                                                          "Groups",
                                                          "Given_Name",
                                                          "Surname",
                                                          ",",
                                                          ";",
                                                          "\n",
                                                          "\r\n",
                                                          "\r",
                                                          "\"",
                                                          "\"\"",
                                                          "\"a\nb\"",
                                                          "ada@a.example",
                                                          "Ada Lovelace,ada@a.example\n",
                                                          "b@xn--bcher-kva.example",
                                                          "b@b\xC3\xBC"
                                                          "cher.example",
                                                          "\"x y\"@a.example",
                                                          "\xEF\xBB\xBF",
                                                          "\xFF",
                                                          " ",
                                                          "\t",
                                                          std::string_view{"\0", 1},
                                                          ",,,,,,,,"});

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

// Rows that are sound say the same when they are written in another way; people are told whole or
// not at all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets = fuzz_input(data, size);
  bool is_sound = true;
  const std::string written = rows_of(octets, is_sound);
  if (is_sound) {
    check(rows_of(written, is_sound) == written && is_sound);
  }
  check_people(octets);
  return 0;
}
