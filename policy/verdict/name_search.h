// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/match.h"
#include "policy/name/name_forms.h"
#include "policy/name/near_name.h"
#include "policy/name/shown_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/explanation.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// What the shown names and addresses of one message lead to, among the organizations asked. The
/// answers to the first keys are kept, for one name is often shown several times. One message, one
/// thread; keeps references to what it is made with.
class NameSearch {
 public:
  /// `asked` is sorted. `explanation` may be null.
  NameSearch(const DirectoryView& view,
             std::span<const OrganizationNumber> asked,
             Explanation* explanation)
      : view_(view), asked_(asked), explanation_(explanation) {}

  /// Everybody asked about who has a key in common with the name; sorted.
  Result<std::vector<PersonRef>> bearers(std::string_view name);

  /// The same for one key that is already made; not kept.
  Result<std::vector<PersonRef>> bearers_of_key(std::string_view key);

  /// Everybody asked about of whose name the token of `look_up` is a misspelling; sorted.
  Result<std::vector<PersonRef>> misspelt(const SpellingEntry& look_up);

  /// Everybody asked about who has the address, its `+tag` aside; sorted.
  Result<std::vector<PersonRef>> owners(std::string_view address);

  /// How many look-ups were made so far.
  [[nodiscard]] std::size_t look_ups() const { return look_ups_; }

 private:
  struct Answer {
    std::string key;
    std::vector<PersonRef> people;
  };

  using LookUp = Result<std::vector<PersonRef>> (NameSearch::*)(std::string_view key);

  Result<void> add_answer(std::vector<Answer>& known,
                          std::string key,
                          LookUp look_up,
                          std::vector<PersonRef>& people);
  Result<std::vector<PersonRef>> owners_of_form(std::string_view form);
  void keep_asked(std::vector<PersonRef>& people) const;
  void explain(std::string_view kind, std::string_view key, std::size_t hits) const;

  const DirectoryView& view_;
  std::span<const OrganizationNumber> asked_;
  Explanation* explanation_;
  KnownWords known_words_;
  std::vector<Answer> known_names_;
  std::vector<Answer> known_addresses_;
  std::size_t look_ups_ = 0;
};

/// How a candidate matches a person it led to, confirmed on the full strings; nothing if it does
/// not.
[[nodiscard]] std::optional<Match> confirm_match(const ShownNameCandidate& candidate,
                                                 const Person& person);

/// The members of both; `left` and `right` are sorted.
[[nodiscard]] std::vector<PersonRef> common_people(std::span<const PersonRef> left,
                                                   std::span<const PersonRef> right);

}  // namespace policy
