// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/snapshot/current_generation.h"

#include "gateway/snapshot/open_generation.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

std::unexpected<policy::Error> failure(const fs::path& path, int error) {
  return fail(error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
              path.string() + ": " + std::generic_category().message(error));
}

std::string describe_file(const std::string& name, const struct stat& status) {
  return fmt::format("{}:{}:{}:{}:{}.{}:{}.{}\n",
                     name,
                     status.st_dev,
                     status.st_ino,
                     status.st_size,
                     status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec,
                     status.st_ctim.tv_sec,
                     status.st_ctim.tv_nsec);
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

Result<std::string> identity_of(const fs::path& folder) {
  // Not by fs::directory_iterator: where memory is short, libstdc++ ends the process in it.
  const std::unique_ptr<DIR, CloseFolder> opened{::opendir(folder.c_str())};
  if (opened == nullptr) {
    return failure(folder, errno);
  }
  std::vector<std::string> files;
  while (true) {
    errno = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else reads from this one
    const dirent* const entry = ::readdir(opened.get());
    if (entry == nullptr && errno != 0) {
      return failure(folder, errno);
    }
    if (entry == nullptr) {
      break;
    }
    const std::string name{&entry->d_name[0]};
    if (name == "." || name == "..") {
      continue;
    }
    const fs::path path = folder / name;
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
      return failure(path, errno);
    }
    files.push_back(describe_file(name, status));
  }
  std::ranges::sort(files);
  std::string identity = folder.string() + '\n';
  for (const std::string& file : files) {
    identity += file;
  }
  return identity;
}

}  // namespace

Result<CurrentLink> read_current_link(const fs::path& snapshots) {
  const fs::path link = snapshots / policy::kCurrentLinkName;
  struct stat status{};
  if (::lstat(link.c_str(), &status) != 0) {
    return failure(link, errno);
  }
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  if (error) {
    return fail(ErrorCode::kInvalidInput,
                link.string() + ": this is no symbolic link; let fromguard-directory make it");
  }
  fs::path folder = snapshots / target;
  auto identity = identity_of(folder);
  if (!identity.has_value()) {
    return std::unexpected{std::move(identity).error()};
  }
  const auto since_epoch = std::chrono::seconds{status.st_mtim.tv_sec} +
                           std::chrono::nanoseconds{status.st_mtim.tv_nsec};
  return CurrentLink{
      .folder = std::move(folder),
      .identity = *std::move(identity),
      .confirmed = std::chrono::system_clock::time_point{
          std::chrono::duration_cast<std::chrono::system_clock::duration>(since_epoch)}};
}

Refresh SnapshotHolder::refresh() {
  auto link = read_current_link(snapshots_);
  if (!link.has_value()) {
    const bool is_missing = link.error().code == ErrorCode::kNotFound;
    return note_trouble(is_missing ? RefreshOutcome::kMissing : RefreshOutcome::kRefused,
                        std::move(link).error());
  }
  if (link->identity == served_identity_) {
    status_.set({.trouble = std::nullopt, .confirmed = link->confirmed});
    return {};
  }
  if (link->identity == refused_identity_) {
    return {};
  }
  auto opened = open_generation(link->folder);
  if (!opened.has_value()) {
    if (opened.error().code == ErrorCode::kInvalidInput) {
      refused_identity_ = link->identity;
    }
    return note_trouble(RefreshOutcome::kRefused, std::move(opened).error());
  }
  served_.set(*std::move(opened));
  status_.set({.trouble = std::nullopt, .confirmed = link->confirmed});
  served_identity_ = link->identity;
  refused_identity_.clear();
  return {.outcome = RefreshOutcome::kSwapped};
}

Refresh SnapshotHolder::note_trouble(RefreshOutcome outcome, policy::Error error) {
  const bool is_news = status_.with([&](SnapshotStatus& status) {
    const bool differs = !status.trouble.has_value() || status.trouble->message != error.message;
    status.trouble = error;
    return differs;
  });
  if (!is_news) {
    return {};
  }
  return {.outcome = outcome, .error = std::move(error)};
}

}  // namespace gateway
