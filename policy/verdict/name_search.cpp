// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/name_search.h"

#include "policy/mail_address.h"
#include "policy/name/match.h"
#include "policy/name/name_keys.h"
#include "policy/name/name_match.h"
#include "policy/name/near_name.h"
#include "policy/name/shown_name.h"
#include "policy/name/visible_text.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

// An ordinary message asks for two or three keys; more than these are asked for anew.
constexpr std::size_t kMostKnown = 32;
constexpr std::size_t kTypicallyKnown = 4;

void merge(std::vector<PersonRef>& people, const std::vector<PersonRef>& more) {
  if (more.empty()) {
    return;
  }
  if (people.empty()) {
    people = more;
    return;
  }
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
  if (candidate.is_drawn) {
    return Match::kLookalike;
  }
  const bool is_part = candidate.part != ShownNameCandidate::Part::kWhole;
  return is_part && *match != Match::kLookalike ? Match::kDecorated : *match;
}

}  // namespace

Result<std::vector<PersonRef>> NameSearch::bearers(std::string_view name) {
  std::vector<PersonRef> all;
  for (std::string& key : name_keys(name, known_words_)) {
    const auto done = add_answer(known_names_, std::move(key), &NameSearch::bearers_of_key, all);
    if (!done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  return all;
}

Result<std::vector<PersonRef>> NameSearch::owners(std::string_view address) {
  std::vector<PersonRef> all;
  for (std::string& form : address_lookup_forms(address)) {
    const auto done =
        add_answer(known_addresses_, std::move(form), &NameSearch::owners_of_form, all);
    if (!done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  return all;
}

Result<void> NameSearch::add_answer(std::vector<Answer>& known,
                                    std::string key,
                                    LookUp look_up,
                                    std::vector<PersonRef>& people) {
  const auto answer = std::ranges::find(known, key, &Answer::key);
  if (answer != known.end()) {
    merge(people, answer->people);
    return {};
  }
  auto found = (this->*look_up)(key);
  if (!found.has_value()) {
    return std::unexpected{std::move(found.error())};
  }
  merge(people, *found);
  if (known.size() < kMostKnown) {
    if (known.empty()) {
      known.reserve(kTypicallyKnown);
    }
    known.push_back({.key = std::move(key), .people = *std::move(found)});
  }
  return {};
}

Result<std::vector<PersonRef>> NameSearch::bearers_of_key(std::string_view key) {
  ++look_ups_;
  auto people = view_.people_by_name_key(key);
  if (people.has_value()) {
    keep_asked(*people);
    explain("name", key, people->size());
  }
  return people;
}

Result<std::vector<PersonRef>> NameSearch::owners_of_form(std::string_view form) {
  ++look_ups_;
  auto people = view_.people_by_address(form);
  if (people.has_value()) {
    keep_asked(*people);
    explain("address", form, people->size());
  }
  return people;
}

Result<std::vector<PersonRef>> NameSearch::misspelt(const SpellingEntry& look_up) {
  ++look_ups_;
  auto tokens = view_.people_by_spelling(look_up.bucket);
  if (!tokens.has_value()) {
    return std::unexpected{std::move(tokens).error()};
  }
  std::vector<PersonRef> people;
  for (const SpelledToken& spelled : *tokens) {
    if (is_one_edit(look_up.token, spelled.token)) {
      merge(people, spelled.people);
    }
  }
  keep_asked(people);
  explain("spelling", look_up.bucket, people.size());
  return people;
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
