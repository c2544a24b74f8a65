// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/guid.h"

#include <cstdint>
#include <random>
#include <string>

#include <fmt/format.h>

namespace directory {

std::string random_guid() {
  std::random_device random;
  std::uniform_int_distribution<std::uint64_t> any;
  const std::uint64_t high = (any(random) & ~std::uint64_t{0xf000}) | 0x4000;
  const std::uint64_t low = (any(random) >> 2U) | (std::uint64_t{1} << 63U);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                     high >> 32U,
                     (high >> 16U) & 0xffff,
                     high & 0xffff,
                     low >> 48U,
                     low & 0xffffffffffff);
}

}  // namespace directory
