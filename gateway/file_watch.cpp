// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/file_watch.h"

#include <array>
#include <cstdint>
#include <filesystem>

#include <sys/inotify.h>
#include <unistd.h>

namespace gateway {

FileWatch::FileWatch() : descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

void FileWatch::add_folder(const std::filesystem::path& folder) const {
  // To watch again without IN_MASK_ADD sets the mask to nothing first, and what happens at that
  // instant is lost.
  constexpr std::uint32_t kChanges =
      IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR | IN_MASK_ADD;
  if (descriptor_.is_open()) {
    // Not there yet, or no watches left: the poll does it then.
    static_cast<void>(::inotify_add_watch(descriptor(), folder.c_str(), kChanges));
  }
}

void FileWatch::drain() const {
  std::array<char, 4096> events{};
  while (::read(descriptor(), events.data(), events.size()) > 0) {
  }
}

}  // namespace gateway
