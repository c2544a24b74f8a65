// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/generation_files.h"

#include "policy/descriptor.h"
#include "policy/digest.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace policy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolderPrefix = "generation-";

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return ErrorCode::kNotFound;
    case EACCES: return ErrorCode::kDenied;
    default: return ErrorCode::kUnavailable;
  }
}

std::unexpected<Error> system_failure(const fs::path& path, int error) {
  return fail(code_of(error), path.string() + ": " + std::generic_category().message(error));
}

class ReadableFile {
 public:
  // Does not block on a pipe, which it then refuses, as everything that is no regular file.
  static Result<ReadableFile> open(const fs::path& path) {
    // The C library declares open(2) with a variable number of arguments.
    Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // NOLINT
    struct stat status{};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
      return system_failure(path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
      return fail(ErrorCode::kInvalidInput, path.string() + ": this is no regular file");
    }
    return ReadableFile{std::move(file)};
  }

  // Hands over the file piece by piece until `take` says that it has enough.
  Result<void> for_each_piece(const fs::path& path,
                              const std::function<bool(std::string_view)>& take) const {
    std::vector<char> piece(kPieceOctets);
    while (true) {
      const ssize_t octets = ::read(descriptor_.get(), piece.data(), piece.size());
      if (octets < 0 && errno == EINTR) {
        continue;
      }
      if (octets < 0) {
        return system_failure(path, errno);
      }
      if (octets == 0 || !take({piece.data(), static_cast<std::size_t>(octets)})) {
        return {};
      }
    }
  }

 private:
  static constexpr std::size_t kPieceOctets = std::size_t{256} * 1024;

  explicit ReadableFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  Descriptor descriptor_;
};

Result<ManifestFile> digest_file(const fs::path& path) {
  const auto file = ReadableFile::open(path);
  if (!file.has_value()) {
    return std::unexpected{file.error()};
  }
  Sha256 digest;
  std::uint64_t size = 0;
  const auto read = file->for_each_piece(path, [&](std::string_view piece) {
    digest.update(piece);
    size += piece.size();
    return true;
  });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return ManifestFile{.name = path.filename().string(), .size = size, .sha256 = digest.hex()};
}

}  // namespace

std::string generation_folder_name(std::uint64_t generation) {
  return std::string{kFolderPrefix} + std::to_string(generation);
}

std::optional<std::uint64_t> parse_generation_folder_name(std::string_view name) {
  if (!name.starts_with(kFolderPrefix)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(kFolderPrefix.size());
  std::uint64_t generation = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), generation);
  if (error != std::errc{} || generation == 0 || generation_folder_name(generation) != name) {
    return std::nullopt;
  }
  return generation;
}

Result<std::string> read_file(const fs::path& path, std::size_t maximum_octets) {
  const auto file = ReadableFile::open(path);
  if (!file.has_value()) {
    return std::unexpected{file.error()};
  }
  std::string text;
  const auto read = file->for_each_piece(path, [&](std::string_view piece) {
    text += piece;
    return text.size() <= maximum_octets;
  });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  if (text.size() > maximum_octets) {
    return fail(ErrorCode::kInvalidInput,
                path.string() + ": this is over " + std::to_string(maximum_octets) + " octets");
  }
  return text;
}

Result<std::vector<ManifestFile>> digest_files(const fs::path& folder) {
  std::error_code error;
  std::vector<ManifestFile> files;
  for (fs::directory_iterator at{folder, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    const fs::path& path = at->path();
    if (path.filename() == kManifestFileName) {
      continue;
    }
    if (at->symlink_status(error).type() != fs::file_type::regular) {
      return fail(ErrorCode::kInvalidInput,
                  visible_text(path.string()) + ": this is no regular file");
    }
    auto file = digest_file(path);
    if (!file.has_value()) {
      return std::unexpected{std::move(file).error()};
    }
    files.push_back(*std::move(file));
  }
  if (error) {
    return system_failure(folder, error.value());
  }
  std::ranges::sort(files, {}, &ManifestFile::name);
  return files;
}

Result<void> verify_files(const fs::path& folder, const Manifest& manifest) {
  const auto present = digest_files(folder);
  if (!present.has_value()) {
    return std::unexpected{present.error()};
  }
  std::map<std::string_view, const ManifestFile*> unseen;
  for (const ManifestFile& file : manifest.files) {
    unseen.emplace(file.name, &file);
  }
  const auto refuse = [&](const std::string& name, std::string_view why) {
    return fail(ErrorCode::kInvalidInput,
                visible_text((folder / name).string()) + ": " + std::string{why});
  };
  for (const ManifestFile& file : *present) {
    const auto listed = unseen.find(file.name);
    if (listed == unseen.end()) {
      return refuse(file.name, "the manifest does not name this file");
    }
    if (file != *listed->second) {
      return refuse(file.name, "the file is damaged: its size or SHA-256 is not the manifest's");
    }
    unseen.erase(listed);
  }
  if (!unseen.empty()) {
    return refuse(unseen.begin()->second->name, "the file is missing");
  }
  return {};
}

}  // namespace policy
