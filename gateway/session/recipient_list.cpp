// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/recipient_list.h"

#include "policy/mail_address.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <malloc.h>

namespace gateway {
namespace {

constexpr std::size_t kOctetsOfEach = 64;
// Postfix sends a thousand recipients at most, by default.
constexpr std::size_t kOrdinaryOctets = std::size_t{256} * 1024;

}  // namespace

bool RecipientList::add(std::string_view address) {
  if (is_over_) {
    return false;
  }
  if (ends_.size() == most_ || octets_.size() + address.size() > most_ * kOctetsOfEach) {
    clear();
    is_over_ = true;
    return false;
  }
  octets_ += address;
  ends_.push_back(static_cast<std::uint32_t>(octets_.size()));
  return true;
}

std::vector<std::string> RecipientList::all() const {
  return each([](std::string_view address) { return std::string{address}; });
}

std::vector<std::string> RecipientList::canonical() const {
  return each([](std::string_view address) { return policy::canonical_address(address); });
}

template <typename Make>
std::vector<std::string> RecipientList::each(Make make) const {
  std::vector<std::string> made;
  made.reserve(ends_.size());
  std::size_t start = 0;
  for (const std::size_t end : ends_) {
    made.push_back(make(std::string_view{octets_}.substr(start, end - start)));
    start = end;
  }
  return made;
}

void RecipientList::clear() {
  const bool is_large = octets_.capacity() > kOrdinaryOctets;
  octets_ = {};
  ends_ = {};
  if (is_large) {
    // All that such a message took, in a thread that may not see another one for long.
    static_cast<void>(::malloc_trim(0));
  }
}

}  // namespace gateway
