// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/replay/mailbox_splitter.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// A file that may hold mail.
struct MailFile {
  std::filesystem::path path;
  MailFormat format = MailFormat::kEither;
};

/// Finds the files of mail below some paths, in the order of the paths; within a folder the files
/// come before the folders, both by name.
///
/// - A path that is a file is a mailbox or a message, as `MailFormat::kEither` tells them apart;
///   one named `*.eml` is a message.
/// - A folder with a folder `cur` or `new` in it is a Maildir: each file of these two is a message,
///   `tmp` is not looked at, other folders are folders of their own (Maildir++ and nested ones).
///   A path that is named `cur` or `new` is such a folder of messages.
/// - In any other folder, at any depth, `*.eml` is a message and other files may be mailboxes.
///
/// Symbolic links are followed where a path itself is one, and never below it. Holds the names of
/// 16,384 files of one folder at a time, however many there are; beyond that they come in runs,
/// each sorted.
class MailFiles {
 public:
  /// Called with a folder that cannot be read, and why.
  using Refuse = std::function<void(const std::filesystem::path& path, const std::string& why)>;

  MailFiles(const std::vector<std::filesystem::path>& paths, Refuse refuse);

  /// The next file; nothing after the last one.
  [[nodiscard]] std::optional<MailFile> next();

  /// How many entries were no plain files: links, sockets, pipes, devices.
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  enum class FolderKind { kAny, kMaildir, kMessages };

  struct Folder {
    std::filesystem::path path;
    FolderKind kind = FolderKind::kAny;
  };

  bool advance();
  void take_path(const std::filesystem::path& path);
  void open_folder(Folder folder);
  void read_run();
  void take_entry(const std::filesystem::directory_entry& entry);
  void close_folder();

  Refuse refuse_;
  std::uint64_t passed_over_ = 0;
  std::deque<std::filesystem::path> paths_;  // not looked at yet
  std::vector<Folder> folders_;              // to be opened, the next one last
  bool is_open_ = false;
  Folder open_;                                  // the one that is read, if `is_open_`
  std::filesystem::directory_iterator entries_;  // of it
  std::vector<Folder> inner_folders_;            // of it, seen so far
  std::deque<MailFile> run_;                     // of it, sorted
};

}  // namespace gateway
