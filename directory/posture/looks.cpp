// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/looks.h"

#include "policy/ascii.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace directory {

std::string lowered(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), policy::ascii_lower);
  return lower;
}

std::string domain_of(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? "" : lowered(address.substr(at + 1));
}

bool is_sync_engine_down(const TenantContext& context) {
  constexpr std::int64_t kLongest = std::chrono::seconds{std::chrono::days{7}}.count();
  return context.sync.is_synced == true && context.sync.synced.has_value() &&
         *context.sync.synced < context.now - kLongest;
}

}  // namespace directory
