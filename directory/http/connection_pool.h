// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {

/// Connections that wait for their next request, by origin. A connection says itself whether it is
/// still good (`is_quiet`).
template <typename Connection>
class ConnectionPool {
 public:
  /// At most `most` are kept for an origin, and none for longer than `idle_time`.
  ConnectionPool(std::size_t most, std::chrono::milliseconds idle_time)
      : most_(most), idle_time_(idle_time) {}

  /// The good one that was used last; null if there is none.
  std::unique_ptr<Connection> take(const std::string& origin) {
    drop_old();
    const auto kept = kept_.find(origin);
    while (kept != kept_.end() && !kept->second.empty()) {
      auto connection = std::move(kept->second.back().connection);
      kept->second.pop_back();
      if (connection->is_quiet()) {
        return connection;
      }
    }
    return nullptr;
  }

  void keep(const std::string& origin, std::unique_ptr<Connection> connection) {
    drop_old();
    auto& kept = kept_[origin];
    if (kept.size() < most_) {
      kept.push_back({.connection = std::move(connection), .since = Clock::now()});
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Kept {
    std::unique_ptr<Connection> connection;
    Clock::time_point since;
  };

  void drop_old() {
    const auto oldest = Clock::now() - idle_time_;
    for (auto& [origin, kept] : kept_) {
      std::erase_if(kept, [&](const Kept& one) { return one.since < oldest; });
    }
    std::erase_if(kept_, [](const auto& entry) { return entry.second.empty(); });
  }

  std::size_t most_;
  std::chrono::milliseconds idle_time_;
  std::map<std::string, std::vector<Kept>> kept_;
};

}  // namespace directory
