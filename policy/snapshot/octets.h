// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace policy {

/// Appends `value` as a base-128 varint, low groups first.
inline void put_varint(std::string& out, std::uint32_t value) {
  constexpr std::uint32_t kMore = 0x80;
  while (value >= kMore) {
    out += static_cast<char>((value & 0x7fU) | kMore);
    value >>= 7U;
  }
  out += static_cast<char>(value);
}

/// Appends the length of `text` as a varint, then `text`, which is under 4 GiB.
inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// Reads what `put_varint` and `put_text` wrote. Octets that nobody wrote make it fail for good:
/// every later read gives zero or nothing, and `failed` is true. It never reads beyond the input.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  /// A varint of at most `maximum`, in its shortest form.
  std::uint32_t varint(std::uint32_t maximum = std::numeric_limits<std::uint32_t>::max()) {
    std::uint64_t value = 0;
    std::size_t size = 0;
    bool is_last = false;
    while (!is_last && size < kMaximumVarintOctets && size < rest_.size()) {
      const auto octet = static_cast<unsigned char>(rest_[size]);
      value |= (octet & std::uint64_t{0x7f}) << (7 * size);
      is_last = (octet & 0x80U) == 0;
      ++size;
    }
    const bool is_shortest = size == 1 || (is_last && rest_[size - 1] != '\0');
    if (!is_last || !is_shortest || value > maximum) {
      fail();
      return 0;
    }
    rest_.remove_prefix(size);
    return static_cast<std::uint32_t>(value);
  }

  /// A number of things that follow, each at least one octet long.
  std::uint32_t count() { return varint(static_cast<std::uint32_t>(rest_.size())); }

  std::string_view text() {
    const std::uint32_t size = varint();
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view read = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return read;
  }

  void fail() {
    failed_ = true;
    rest_ = {};
  }

 private:
  static constexpr std::size_t kMaximumVarintOctets = 5;

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace policy
