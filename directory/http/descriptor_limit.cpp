// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/descriptor_limit.h"

#include <algorithm>
#include <cstddef>

#include <sys/resource.h>

namespace directory {

void raise_descriptor_limit(std::size_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) {
    return;
  }
  limit.rlim_cur += std::min<rlim_t>(count, limit.rlim_max - limit.rlim_cur);
  // Without it there are fewer connections, and the longest waiting one makes room.
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace directory
