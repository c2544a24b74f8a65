// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

namespace gateway {

/// Calls `work` once with each item, on all cores, this thread among them; returns when all are
/// done. `work` is called by several threads at once, for different items, and must not throw.
template <typename Item, typename Work>
void on_all_cores(std::span<Item> items, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take_items = [&] {
    for (std::size_t i = next++; i < items.size(); i = next++) {
      work(items[i]);
    }
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(cores, items.size()); ++i) {
    others.emplace_back(take_items);
  }
  take_items();
}

}  // namespace gateway
