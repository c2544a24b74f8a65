// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/posting_sorter.h"

#include "policy/people/person.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace policy {
namespace {

// An entry of a run: the person, the length of the key, the key.
struct Entry {
  PersonNumber person;
  std::string_view key;

  [[nodiscard]] std::size_t octets() const {
    return sizeof(PersonNumber) + sizeof(std::uint16_t) + key.size();
  }

  friend bool operator<(const Entry& one, const Entry& other) {
    return std::tie(one.key, one.person) < std::tie(other.key, other.person);
  }
};

void append_entry(std::string& run, const Entry& entry) {
  std::array<char, sizeof(PersonNumber) + sizeof(std::uint16_t)> head{};
  const auto key_octets = static_cast<std::uint16_t>(entry.key.size());
  std::memcpy(head.data(), &entry.person, sizeof entry.person);
  std::memcpy(head.data() + sizeof entry.person, &key_octets, sizeof key_octets);
  run.append(head.data(), head.size());
  run += entry.key;
}

Entry entry_at(std::string_view run, std::size_t offset) {
  PersonNumber person = 0;
  std::uint16_t key_octets = 0;
  std::memcpy(&person, run.data() + offset, sizeof person);
  std::memcpy(&key_octets, run.data() + offset + sizeof person, sizeof key_octets);
  return {.person = person,
          .key = run.substr(offset + sizeof person + sizeof key_octets, key_octets)};
}

// How far the merge has come in one run.
struct Cursor {
  Entry entry;
  std::string_view rest;  // begins with `entry`

  explicit Cursor(std::string_view run) : entry(entry_at(run, 0)), rest(run) {}

  bool advance() {
    rest.remove_prefix(entry.octets());
    if (rest.empty()) {
      return false;
    }
    entry = entry_at(rest, 0);
    return true;
  }

  friend bool operator>(const Cursor& one, const Cursor& other) { return other.entry < one.entry; }
};

// The entries of all runs in their common order.
class Merge {
 public:
  explicit Merge(const std::vector<std::string>& runs) : heap_(runs.begin(), runs.end()) {
    std::ranges::make_heap(heap_, std::greater{});
  }

  [[nodiscard]] bool at_end() const { return heap_.empty(); }

  // The next key; `people` becomes everybody who has it.
  std::string_view take_key(std::vector<PersonNumber>& people) {
    const std::string_view key = heap_.front().entry.key;
    people.clear();
    while (!at_end() && heap_.front().entry.key == key) {
      const PersonNumber person = take_person();
      if (people.empty() || people.back() != person) {
        people.push_back(person);
      }
    }
    return key;
  }

 private:
  PersonNumber take_person() {
    std::ranges::pop_heap(heap_, std::greater{});
    const PersonNumber person = heap_.back().entry.person;
    if (heap_.back().advance()) {
      std::ranges::push_heap(heap_, std::greater{});
    } else {
      heap_.pop_back();
    }
    return person;
  }

  std::vector<Cursor> heap_;
};

}  // namespace

void PostingSorter::add(std::string_view key, PersonNumber person) {
  assert(key.size() <= std::numeric_limits<std::uint16_t>::max());
  const Entry entry{.person = person, .key = key};
  if (!open_run_.empty() && open_run_.size() + entry.octets() > run_octets_) {
    close_run();
  }
  if (open_run_.capacity() < run_octets_) {
    open_run_.reserve(run_octets_);
  }
  open_offsets_.push_back(static_cast<std::uint32_t>(open_run_.size()));
  append_entry(open_run_, entry);
}

void PostingSorter::close_run() {
  std::ranges::sort(open_offsets_, [this](std::uint32_t one, std::uint32_t other) {
    return entry_at(open_run_, one) < entry_at(open_run_, other);
  });
  std::string sorted;
  sorted.reserve(open_run_.size());
  for (const std::uint32_t offset : open_offsets_) {
    append_entry(sorted, entry_at(open_run_, offset));
  }
  runs_.push_back(std::move(sorted));
  open_run_.clear();
  open_offsets_.clear();
}

Result<void> PostingSorter::visit_sorted(const Visitor& visit) {
  if (!open_run_.empty()) {
    close_run();
  }
  open_run_ = {};
  open_offsets_ = {};
  const std::vector<std::string> runs = std::exchange(runs_, {});
  Merge merge{runs};
  std::vector<PersonNumber> people;
  while (!merge.at_end()) {
    const std::string_view key = merge.take_key(people);
    if (auto visited = visit(key, people); !visited.has_value()) {
      return visited;
    }
  }
  return {};
}

}  // namespace policy
