// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/name_search.h"

#include "policy/mail_address.h"
#include "policy/name/match.h"
#include "policy/name/name_keys.h"
#include "policy/name/name_match.h"
#include "policy/name/shown_name.h"
#include "policy/name/visible_text.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

void merge(std::vector<PersonRef>& people, const std::vector<PersonRef>& more) {
  std::vector<PersonRef> all;
  all.reserve(people.size() + more.size());
  std::ranges::set_union(people, more, std::back_inserter(all));
  people = std::move(all);
}

// A role mailbox is protected as a whole string; anything looser would flag every "Accounts".
bool may_match(const ShownNameCandidate& candidate, const Person& person, std::string_view name) {
  const bool is_whole = candidate.part == ShownNameCandidate::Part::kWhole;
  return is_whole || (!person.role_mailbox && !is_single_word(name));
}

std::optional<Match> match_one(const ShownNameCandidate& candidate,
                               const Person& person,
                               std::string_view name) {
  const auto match = compare_names(candidate.text, name);
  if (!match.has_value() || !may_match(candidate, person, name)) {
    return std::nullopt;
  }
  if (person.role_mailbox && *match == Match::kReordered) {
    return std::nullopt;
  }
  const bool is_part = candidate.part != ShownNameCandidate::Part::kWhole;
  return is_part && *match != Match::kLookalike ? Match::kDecorated : *match;
}

}  // namespace

Result<std::vector<PersonRef>> NameSearch::bearers(std::string_view name) {
  std::vector<PersonRef> all;
  for (const std::string& key : name_keys(name)) {
    auto people = bearers_of_key(key);
    if (!people.has_value()) {
      return people;
    }
    merge(all, *people);
  }
  return all;
}

Result<std::vector<PersonRef>> NameSearch::bearers_of_key(std::string_view key) {
  if (const auto known = known_names_.find(key); known != known_names_.end()) {
    return known->second;
  }
  ++look_ups_;
  auto people = view_.people_by_name_key(key);
  if (!people.has_value()) {
    return people;
  }
  keep_asked(*people);
  explain("name", key, people->size());
  return known_names_.emplace(key, *std::move(people)).first->second;
}

Result<std::vector<PersonRef>> NameSearch::owners(std::string_view address) {
  std::vector<PersonRef> all;
  for (const std::string& form : address_lookup_forms(address)) {
    if (const auto known = known_addresses_.find(form); known != known_addresses_.end()) {
      merge(all, known->second);
      continue;
    }
    ++look_ups_;
    auto people = view_.people_by_address(form);
    if (!people.has_value()) {
      return people;
    }
    keep_asked(*people);
    explain("address", form, people->size());
    merge(all, *people);
    known_addresses_.emplace(form, *std::move(people));
  }
  return all;
}

void NameSearch::keep_asked(std::vector<PersonRef>& people) const {
  std::erase_if(people, [&](const PersonRef& ref) {
    return !std::ranges::binary_search(asked_, ref.organization);
  });
}

void NameSearch::explain(std::string_view kind, std::string_view key, std::size_t hits) const {
  if (explanation_ != nullptr) {
    explanation_->add("look-up",
                      std::string{kind} + " \"" + visible_text(key) +
                          "\": " + (hits == 0 ? "nobody" : std::to_string(hits) + " protected"));
  }
}

std::optional<Match> confirm_match(const ShownNameCandidate& candidate, const Person& person) {
  std::optional<Match> best = match_one(candidate, person, person.name);
  for (const std::string& name : person.other_names) {
    const auto match = match_one(candidate, person, name);
    if (match.has_value() && (!best.has_value() || *match < *best)) {
      best = match;
    }
  }
  return best;
}

std::vector<PersonRef> common_people(std::span<const PersonRef> left,
                                     std::span<const PersonRef> right) {
  std::vector<PersonRef> both;
  std::ranges::set_intersection(left, right, std::back_inserter(both));
  return both;
}

}  // namespace policy
