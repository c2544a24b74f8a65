// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/kept_header.h"

#include "gateway/authentication/authentication_request.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

void KeptHeader::add(std::string_view name, std::string_view value) {
  constexpr std::size_t kTypicalFields = 32;
  constexpr std::size_t kTypicalOctets = 4096;
  const std::size_t most =
      std::min<std::size_t>(most_octets_, std::numeric_limits<std::uint32_t>::max());
  is_cut_ = is_cut_ || octets_.size() + name.size() + value.size() > most;
  if (is_cut_) {
    return;
  }
  if (extents_.capacity() == 0) {
    extents_.reserve(kTypicalFields);
    octets_.reserve(kTypicalOctets);
  }
  octets_ += name;
  octets_ += value;
  extents_.push_back({.name = static_cast<std::uint32_t>(name.size()),
                      .value = static_cast<std::uint32_t>(value.size())});
}

void KeptHeader::clear() {
  constexpr std::size_t kMostOctets = std::size_t{32} * 1024;
  constexpr std::size_t kMostFields = 512;
  if (octets_.capacity() > kMostOctets || extents_.capacity() > kMostFields) {
    *this = KeptHeader{most_octets_};
    return;
  }
  is_cut_ = false;
  octets_.clear();
  extents_.clear();
}

std::vector<SignedField> KeptHeader::fields() const {
  std::vector<SignedField> fields;
  if (is_cut_) {
    return fields;
  }
  fields.reserve(extents_.size());
  std::size_t at = 0;
  for (const Extent& extent : extents_) {
    fields.push_back({.name = octets_.substr(at, extent.name),
                      .value = octets_.substr(at + extent.name, extent.value)});
    at += extent.name + extent.value;
  }
  return fields;
}

}  // namespace gateway
