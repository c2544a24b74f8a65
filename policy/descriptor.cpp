// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/descriptor.h"

#include <cerrno>
#include <cstddef>
#include <string_view>

#include <sys/types.h>
#include <unistd.h>

namespace policy {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = other.release();
  }
  return *this;
}

void Descriptor::reset() noexcept {
  if (is_open()) {
    ::close(release());
  }
}

bool write_all(const Descriptor& file, std::string_view octets) noexcept {
  while (!octets.empty()) {
    const ssize_t written = ::write(file.get(), octets.data(), octets.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    octets.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace policy
