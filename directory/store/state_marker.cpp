// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/state_marker.h"

#include "directory/publish/durable_files.h"
#include "directory/store/damage.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::string_view kName = "fromguard-state";
constexpr std::string_view kTemporaryName = "fromguard-state.new";
constexpr std::string_view kLabel = "fromguard-state";

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad() || !file.is_open()) {
    return fail(ErrorCode::kUnavailable, path.string() + " cannot be read");
  }
  return text;
}

}  // namespace

Result<std::optional<StateMarker>> read_state_marker(const fs::path& folder) {
  const fs::path path = folder / kName;
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (error) {
      return fail(ErrorCode::kUnavailable, "look at " + path.string() + ": " + error.message());
    }
    return std::nullopt;
  }
  const auto text = read_file(path);
  if (!text.has_value()) {
    return std::unexpected{text.error()};
  }
  std::istringstream words{*text};
  std::string label;
  StateMarker marker;
  words >> label >> marker.sequence >> marker.manifest >> marker.manifest_size;
  if (!words || label != kLabel) {
    return damaged(path.string() + " is no marker");
  }
  return marker;
}

Result<void> write_state_marker(const fs::path& folder, const StateMarker& marker) {
  const fs::path temporary = folder / kTemporaryName;
  if (auto removed = remove_tree(temporary); !removed.has_value()) {
    return removed;
  }
  auto written = write_new_file(
      temporary,
      fmt::format("{} {} {} {}\n", kLabel, marker.sequence, marker.manifest, marker.manifest_size));
  if (!written.has_value()) {
    return written;
  }
  return rename_durably(temporary, folder / kName);
}

Result<StateMarker> measure_state(const fs::path& folder, std::uint64_t sequence) {
  auto name = read_file(folder / "CURRENT");
  if (!name.has_value()) {
    return std::unexpected{name.error()};
  }
  if (name->ends_with('\n')) {
    name->pop_back();
  }
  std::error_code error;
  const std::uintmax_t size = fs::file_size(folder / *name, error);
  if (error) {
    return damaged("look at the manifest in " + folder.string() + ": " + error.message());
  }
  return StateMarker{.sequence = sequence, .manifest = *name, .manifest_size = size};
}

}  // namespace directory
