// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/state_marker.h"

#include "directory/publish/durable_files.h"
#include "directory/store/damage.h"
#include "policy/result.h"

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::string_view kName = "fromguard-state";
constexpr std::string_view kTemporaryName = "fromguard-state.new";
constexpr std::string_view kLabel = "fromguard-state sequence ";

}  // namespace

Result<std::optional<std::uint64_t>> read_state_marker(const fs::path& folder) {
  const fs::path path = folder / kName;
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (error) {
      return fail(ErrorCode::kUnavailable, "look at " + path.string() + ": " + error.message());
    }
    return std::nullopt;
  }
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad() || !file.is_open()) {
    return fail(ErrorCode::kUnavailable, "read " + path.string() + ": it cannot be read");
  }
  std::uint64_t sequence = 0;
  if (!text.starts_with(kLabel) || !text.ends_with('\n')) {
    return damaged(path.string() + " is no marker");
  }
  const std::string_view digits =
      std::string_view{text}.substr(kLabel.size(), text.size() - kLabel.size() - 1);
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  if (problem != std::errc{} || end != digits.data() + digits.size()) {
    return damaged(path.string() + " is no marker");
  }
  return sequence;
}

Result<void> write_state_marker(const fs::path& folder, std::uint64_t sequence) {
  const fs::path temporary = folder / kTemporaryName;
  if (auto removed = remove_tree(temporary); !removed.has_value()) {
    return removed;
  }
  auto written = write_new_file(temporary, std::string{kLabel} + std::to_string(sequence) + '\n');
  if (!written.has_value()) {
    return written;
  }
  return rename_durably(temporary, folder / kName);
}

}  // namespace directory
