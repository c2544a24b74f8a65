// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A record that a reader looks up to believe a generation: its key, and the SHA-256 of its value.
struct Sentinel {
  std::string key;
  std::string value_sha256;  ///< 64 lower-case hexadecimal digits

  friend bool operator==(const Sentinel&, const Sentinel&) = default;
};

/// Picks sentinels from records that come in order: the first, the last, and between them a spread
/// of at most `kMost` at even distances, however many there are.
class SentinelPicker {
 public:
  static constexpr std::size_t kMost = 32;

  void offer(std::string_view key, std::string_view value);

  /// What was picked, in the order of the records. Call it once, at the end.
  [[nodiscard]] std::vector<Sentinel> take();

 private:
  void drop_every_second();

  std::vector<Sentinel> spread_;
  std::string last_key_;
  std::string last_value_;
  std::uint64_t offered_ = 0;
  std::uint64_t stride_ = 1;  // every which record is picked; doubled when there are too many
};

}  // namespace policy
