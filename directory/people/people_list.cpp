// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/people_list.h"

#include "policy/people/person.h"
#include "policy/snapshot/records.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace directory {

void PeopleList::add(const policy::Person& person) {
  const std::string record = policy::encode_person(person);
  entries_.push_back({.offset = octets_.size(),
                      .id_octets = static_cast<std::uint32_t>(person.id.size()),
                      .record_octets = static_cast<std::uint32_t>(record.size())});
  octets_ += person.id;
  octets_ += record;
}

void PeopleList::sort_by_id() {
  std::ranges::sort(entries_, [this](const Entry& one, const Entry& other) {
    return std::pair{id(one), one.offset} < std::pair{id(other), other.offset};
  });
}

policy::Person PeopleList::at(std::size_t index) const {
  const Entry& entry = entries_[index];
  auto person = policy::decode_person(
      std::string_view{octets_}.substr(entry.offset + entry.id_octets, entry.record_octets));
  assert(person.has_value());
  return *std::move(person);
}

std::string_view PeopleList::id(const Entry& entry) const {
  return std::string_view{octets_}.substr(entry.offset, entry.id_octets);
}

}  // namespace directory
