// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {

/// The whole text of a configuration file, up to 16 MiB. `kNotFound`, `kDenied`, `kUnavailable`.
[[nodiscard]] policy::Result<std::string> read_text_file(const std::filesystem::path& file);

/// Copies the file to one beside it, `FILE.fromguard-TIME` with the time in UTC, of the same owner
/// and mode, and flushes it to disk. An older copy is never written over.
[[nodiscard]] policy::Result<std::filesystem::path> keep_copy(
    const std::filesystem::path& file, std::chrono::system_clock::time_point now);

/// What a file is to become, written beside it and flushed, with its owner and mode: to be looked
/// at before it takes the file's place.
class Replacement {
 public:
  /// `file` exists and is no symbolic link.
  [[nodiscard]] static policy::Result<Replacement> write(const std::filesystem::path& file,
                                                         std::string_view text);

  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  Replacement(Replacement&& other) noexcept;
  Replacement& operator=(Replacement&&) = delete;

  /// What was not put in place is removed.
  ~Replacement();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Takes the file's place in one step: nobody ever sees half of it.
  [[nodiscard]] policy::Result<void> put_in_place();

 private:
  Replacement(std::filesystem::path file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}

  std::filesystem::path file_;
  std::filesystem::path path_;  // empty once in place
};

}  // namespace gateway
