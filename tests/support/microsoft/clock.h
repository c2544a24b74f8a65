// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace tests::microsoft {

/// The clock of the service, which a test may set apart from that of the machine.
class Clock {
 public:
  void set_offset(std::chrono::seconds offset) { offset_ = offset; }

  /// Seconds since the epoch.
  [[nodiscard]] std::chrono::seconds now() const {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(time) + offset_;
  }

  /// Now, as Graph's errors tell it: 2026-08-20T10:00:00.
  [[nodiscard]] std::string graph_time() const { return written('T'); }

  /// Now, as the login service tells it: 2026-08-20 10:00:00Z.
  [[nodiscard]] std::string login_time() const { return written(' ') + 'Z'; }

 private:
  [[nodiscard]] std::string written(char separator) const;

  std::chrono::seconds offset_{0};
};

}  // namespace tests::microsoft
