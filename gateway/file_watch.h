// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/descriptor.h"

#include <filesystem>
#include <vector>

namespace gateway {

/// Tells through a descriptor when something changes in some folders (inotify(7)). A hint only:
/// what changed is found by looking, and a poll finds what a watch misses (network file systems,
/// folders that come later).
class FileWatch {
 public:
  FileWatch();

  /// Watches the folder too; one that is not there is left to the poll.
  void add_folder(const std::filesystem::path& folder) const;

  /// Readable when there was a change; negative where the kernel has no watches left.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  /// Takes all changes that are waiting.
  void drain() const;

 private:
  policy::Descriptor descriptor_;
};

}  // namespace gateway
