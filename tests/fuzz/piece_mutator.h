// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/fuzz/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

// libFuzzer's own mutation, which it gives to custom ones.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// What the inputs of a target are made of; each target with a GRAMMAR in CMakeLists.txt defines
/// it. `pieces` mutates them by `mutate_by_pieces`, `json` changes values besides.
extern const std::span<const std::string_view> kGrammar;

/// Keeps a grammar alive: half of the time a piece of it is put somewhere, or in the place of what
/// is there, or a part is repeated; else libFuzzer does what it always does.
inline std::size_t mutate_by_pieces(std::span<std::uint8_t> buffer,
                                    std::size_t size,
                                    unsigned int seed,
                                    std::span<const std::string_view> pieces) {
  std::minstd_rand chance{seed};
  const auto below = [&](std::size_t end) { return end == 0 ? 0 : chance() % end; };
  if (below(2) == 0) {
    return LLVMFuzzerMutate(buffer.data(), size, buffer.size());
  }
  std::string text{fuzz_input(buffer.data(), size)};
  const std::size_t begin = below(text.size() + 1);
  const std::size_t length = below(std::min<std::size_t>(text.size() - begin, 40) + 1);
  switch (below(4)) {
    case 0: text.insert(begin, text.substr(begin, length)); break;
    case 1: text.replace(begin, length, pieces[below(pieces.size())]); break;
    default: text.insert(begin, pieces[below(pieces.size())]); break;
  }
  const std::size_t kept = std::min(text.size(), buffer.size());
  std::copy_n(text.begin(), kept, buffer.begin());
  return kept;
}
