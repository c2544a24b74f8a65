// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/saved_file.h"

#include "policy/descriptor.h"
#include "policy/result.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace gateway {
namespace {

using policy::Descriptor;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kLargest = std::size_t{16} << 20U;
constexpr int kMostCopies = 100;  // of one second

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::kDenied;
    case EEXIST: return ErrorCode::kConflict;
    default: return ErrorCode::kUnavailable;
  }
}

std::unexpected<policy::Error> cannot(std::string_view doing, const std::filesystem::path& path) {
  const int error = errno;
  return fail(code_of(error),
              "cannot " + std::string{doing} + " " + path.string() + ": " +
                  std::generic_category().message(error));
}

Result<void> flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) {
    return cannot("flush", folder);
  }
  return {};
}

// A new file with the owner and mode of another. One that fails half way is removed.
Result<void> write_like(const std::filesystem::path& model,
                        const std::filesystem::path& path,
                        std::string_view text) {
  struct stat status{};
  if (::lstat(model.c_str(), &status) != 0) {
    return cannot("read", model);
  }
  const Descriptor file{::open(
      path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (file.get() < 0) {
    return cannot("make", path);
  }
  constexpr mode_t kPermissions = 07777;
  if (!write_all(file, text) || ::fchown(file.get(), status.st_uid, status.st_gid) != 0 ||
      ::fchmod(file.get(), status.st_mode & kPermissions) != 0 || ::fsync(file.get()) != 0) {
    auto failure = cannot("write", path);
    ::unlink(path.c_str());
    return failure;
  }
  return flush_folder(path.parent_path());
}

std::string time_text(std::chrono::system_clock::time_point now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  static_cast<void>(::gmtime_r(&seconds, &parts));
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), size};
}

}  // namespace

Result<std::string> read_text_file(const std::filesystem::path& file) {
  const Descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (opened.get() < 0) {
    return cannot("read", file);
  }
  std::string text;
  std::array<char, 65536> piece{};
  while (true) {
    const ssize_t got = ::read(opened.get(), piece.data(), piece.size());
    if (got < 0) {
      return cannot("read", file);
    }
    if (got == 0) {
      return text;
    }
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > kLargest) {
      return fail(ErrorCode::kInvalidInput, file.string() + " is larger than 16 MiB");
    }
  }
}

Result<std::filesystem::path> keep_copy(const std::filesystem::path& file,
                                        std::chrono::system_clock::time_point now) {
  const auto text = read_text_file(file);
  if (!text.has_value()) {
    return std::unexpected{text.error()};
  }
  const std::string first = file.string() + ".fromguard-" + time_text(now);
  std::filesystem::path copy = first;
  auto written = write_like(file, copy, *text);
  for (int i = 2; i <= kMostCopies && !written.has_value(); ++i) {
    if (written.error().code != ErrorCode::kConflict) {
      break;
    }
    copy = first + "." + std::to_string(i);
    written = write_like(file, copy, *text);
  }
  if (!written.has_value()) {
    return std::unexpected{std::move(written.error())};
  }
  return copy;
}

Result<Replacement> Replacement::write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::path path = file.string() + ".fromguard-new-" + std::to_string(::getpid());
  auto written = write_like(file, path, text);
  if (!written.has_value()) {
    return std::unexpected{std::move(written.error())};
  }
  return Replacement{file, std::move(path)};
}

Replacement::Replacement(Replacement&& other) noexcept
    : file_(std::move(other.file_)), path_(std::exchange(other.path_, {})) {}

Replacement::~Replacement() {
  if (!path_.empty()) {
    ::unlink(path_.c_str());
  }
}

Result<void> Replacement::put_in_place() {
  if (::rename(path_.c_str(), file_.c_str()) != 0) {
    return cannot("replace", file_);
  }
  path_.clear();
  return flush_folder(file_.parent_path());
}

}  // namespace gateway
