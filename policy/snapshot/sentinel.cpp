// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/sentinel.h"

#include "policy/digest.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

void SentinelPicker::offer(std::string_view key, std::string_view value) {
  if (offered_ % stride_ == 0) {
    if (spread_.size() == kMost) {
      drop_every_second();
    }
    spread_.push_back({.key = std::string{key}, .value_sha256 = sha256_hex(value)});
  }
  last_key_.assign(key);
  last_value_.assign(value);
  ++offered_;
}

void SentinelPicker::drop_every_second() {
  for (std::size_t i = 1; i < kMost / 2; ++i) {
    spread_[i] = std::move(spread_[2 * i]);
  }
  spread_.resize(kMost / 2);
  stride_ *= 2;
}

std::vector<Sentinel> SentinelPicker::take() {
  if (offered_ > 0 && spread_.back().key != last_key_) {
    spread_.push_back({.key = last_key_, .value_sha256 = sha256_hex(last_value_)});
  }
  return std::exchange(spread_, {});
}

}  // namespace policy
