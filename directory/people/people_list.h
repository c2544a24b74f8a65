// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/people/person.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Many people in little memory: each is kept as the record that a generation has of it.
class PeopleList {
 public:
  void add(const policy::Person& person);

  /// Orders the people by id, so that the same people are always in the same order.
  void sort_by_id();

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  [[nodiscard]] policy::Person at(std::size_t index) const;

 private:
  struct Entry {
    std::uint64_t offset;  // of the id, which the record follows
    std::uint32_t id_octets;
    std::uint32_t record_octets;
  };

  [[nodiscard]] std::string_view id(const Entry& entry) const;

  std::string octets_;
  std::vector<Entry> entries_;
};

}  // namespace directory
