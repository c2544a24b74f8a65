// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/descriptor.h"
#include "policy/result.h"

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace directory {

/// The number of the system's group of this name; nothing if there is none.
[[nodiscard]] std::optional<gid_t> group_number(const std::string& name);

/// A listening Unix socket that has its name in the file system, which goes with it.
class UnixListener {
 public:
  /// Listens on `path` with mode 0660, for the group of this name where the system knows it and
  /// lets it be given away. A socket that nobody listens on any more is replaced; `kBusy` if
  /// somebody does, `kInvalidInput` if something else has the name or the name is too long.
  [[nodiscard]] static policy::Result<UnixListener> open(const std::filesystem::path& path,
                                                         const std::string& group);

  UnixListener(UnixListener&& other) noexcept;
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;
  UnixListener& operator=(UnixListener&&) = delete;

  /// Removes the name unless it has become another's, and closes the descriptor if it was not
  /// taken.
  ~UnixListener();

  /// The descriptor, which is the caller's from now on.
  [[nodiscard]] int take_descriptor();

 private:
  UnixListener(std::filesystem::path path, policy::Descriptor socket);

  std::filesystem::path path_;
  policy::Descriptor socket_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace directory
