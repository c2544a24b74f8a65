// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mail_files.h"

#include "gateway/message/octets.h"
#include "gateway/replay/mailbox_splitter.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRunFiles = 16'384;

bool is_real_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(path, ignored));
}

bool is_maildir(const fs::path& path) {
  return is_real_folder(path / "cur") || is_real_folder(path / "new");
}

// The folders of a Maildir that hold messages.
bool is_messages_name(std::string_view name) {
  return name == "cur" || name == "new";
}

// With or without a slash at the end.
std::string name_of(const fs::path& path) {
  return (path.has_filename() ? path : path.parent_path()).filename().native();
}

bool is_message_file(const fs::path& path) {
  return equal_ignoring_case(path.extension().native(), ".eml");
}

}  // namespace

MailFiles::MailFiles(const std::vector<fs::path>& paths, Refuse refuse)
    : refuse_(std::move(refuse)), paths_(paths.begin(), paths.end()) {}

std::optional<MailFile> MailFiles::next() {
  while (run_.empty()) {
    if (!advance()) {
      return std::nullopt;
    }
  }
  MailFile file = std::move(run_.front());
  run_.pop_front();
  return file;
}

// One step towards the next file; false if there is none.
bool MailFiles::advance() {
  if (is_open_) {
    read_run();
  } else if (!folders_.empty()) {
    Folder folder = std::move(folders_.back());
    folders_.pop_back();
    open_folder(std::move(folder));
  } else if (!paths_.empty()) {
    const fs::path path = std::move(paths_.front());
    paths_.pop_front();
    take_path(path);
  } else {
    return false;
  }
  return true;
}

void MailFiles::take_path(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const bool is_messages = is_messages_name(name_of(path));
    folders_.push_back(
        {.path = path, .kind = is_messages ? FolderKind::kMessages : FolderKind::kAny});
  } else {
    run_.push_back({.path = path,
                    .format = is_message_file(path) ? MailFormat::kMessage : MailFormat::kEither});
  }
}

void MailFiles::open_folder(Folder folder) {
  std::error_code error;
  entries_ = fs::directory_iterator{folder.path, error};
  if (error) {
    refuse_(folder.path, error.message());
    return;
  }
  if (folder.kind == FolderKind::kAny && is_maildir(folder.path)) {
    folder.kind = FolderKind::kMaildir;
  }
  open_ = std::move(folder);
  is_open_ = true;
}

// Reads on in the open folder until a run is full or the folder is at its end.
void MailFiles::read_run() {
  std::error_code error;
  while (run_.size() < kRunFiles && entries_ != fs::directory_iterator{}) {
    take_entry(*entries_);
    entries_.increment(error);
    if (error) {
      refuse_(open_.path, error.message());
      break;
    }
  }
  std::ranges::sort(run_, {}, &MailFile::path);
  if (entries_ == fs::directory_iterator{}) {
    close_folder();
  }
}

void MailFiles::take_entry(const fs::directory_entry& entry) {
  std::error_code ignored;
  const fs::file_status status = entry.symlink_status(ignored);
  const std::string name = entry.path().filename().native();
  const bool holds_messages = open_.kind == FolderKind::kMessages;
  if (fs::is_directory(status)) {
    const bool is_part = open_.kind == FolderKind::kMaildir;
    if (holds_messages || (is_part && name == "tmp")) {
      return;
    }
    const bool is_messages = is_part && is_messages_name(name);
    inner_folders_.push_back(
        {.path = entry.path(), .kind = is_messages ? FolderKind::kMessages : FolderKind::kAny});
  } else if (!fs::is_regular_file(status)) {
    ++passed_over_;
  } else if (holds_messages && !name.starts_with('.')) {
    run_.push_back({.path = entry.path(), .format = MailFormat::kMessage});
  } else if (open_.kind == FolderKind::kAny) {
    run_.push_back(
        {.path = entry.path(),
         .format = is_message_file(entry.path()) ? MailFormat::kMessage : MailFormat::kMailbox});
  }
}

void MailFiles::close_folder() {
  std::ranges::sort(inner_folders_, std::greater{}, &Folder::path);
  std::ranges::move(inner_folders_, std::back_inserter(folders_));
  inner_folders_.clear();
  is_open_ = false;
}

}  // namespace gateway
