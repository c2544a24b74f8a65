// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/random.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace tests::microsoft {

std::string Random::uuid() {
  const std::uint64_t high = engine_();
  const std::uint64_t low = engine_();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
                     high >> 32U,
                     (high >> 16U) & 0xffffU,
                     high & 0xfffU,
                     ((low >> 48U) & 0x3fffU) | 0x8000U,
                     low & 0xffffffffffffU);
}

std::string Random::opaque_text(std::size_t length) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    text += kLetters[below(kLetters.size())];
  }
  return text;
}

}  // namespace tests::microsoft
