// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/name/common_names.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/match.h"
#include "policy/name/near_name.h"
#include "policy/name/shown_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/name_search.h"
#include "policy/verdict/organization_words.h"
#include "policy/verdict/sender_field.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace policy {

/// What judging a field asks; all of it outlives the judge.
struct JudgeContext {
  const DirectoryView& view;
  const DecorationLexicon& lexicon;
  const CommonNames& common_names;
  const OrganizationWords& words;
  std::span<const OrganizationNumber> asked;  ///< sorted, not empty
  Explanation* explanation;                   ///< may be null
};

/// Judges one field of one message; see `Detector`. Used once. What it returns is in no order.
class FieldJudge {
 public:
  /// `search` is that of the message, over the organizations of the context.
  FieldJudge(const JudgeContext& context, const SenderField& field, NameSearch& search)
      : context_(context), field_(field), search_(search) {}

  Result<Detection> judge();

 private:
  // A text that was tried as a name, and the mailboxes it is shown with.
  struct Shown {
    ShownNameCandidate candidate;
    std::vector<std::size_t> mailboxes;
    std::vector<PersonRef> bearers;
  };

  // One that led to people, beside one of its mailboxes.
  struct Hit {
    std::size_t shown;  // index
    std::size_t mailbox;
  };

  // The bearer of a hit who was compared last, and what came of it.
  struct Comparison {
    std::optional<Person> person;
    std::optional<Match> match;
  };

  // A protected person whose own address the mailbox has.
  struct Genuine {
    PersonRef person;
    std::size_t mailbox;

    friend bool operator==(const Genuine&, const Genuine&) = default;
  };

  using OwnersOfMailboxes = std::vector<std::vector<PersonRef>>;

  Result<void> collect_hits();
  Result<void> collect_bare_addresses();
  Result<void> collect_hits_of(const VisibleIdentity& identity);
  Result<void> add_hits(std::size_t shown);
  void add_genuine(const std::vector<PersonRef>& people, std::size_t mailbox);
  Result<void> judge_hits();
  Result<void> judge_hit(const Hit& hit);
  Result<void> judge_bearer(const Hit& hit, const PersonRef& ref, Comparison& last);
  Result<void> judge_shown_addresses(const VisibleIdentity& identity);
  Result<void> judge_shown_address(std::string_view shown,
                                   const std::vector<std::size_t>& mailboxes);
  Result<void> compare_address(std::string_view shown, std::size_t mailbox);
  Result<void> add_genuine_findings();

  // The matches that are off unless the policy names them: field_judge_loose.cpp.
  Result<void> judge_loosely();
  Result<void> judge_shown_loosely(const Shown& shown);
  Result<void> judge_local_part(std::size_t mailbox);
  [[nodiscard]] bool is_shown_by_nobody(std::string_view local_part) const;
  Result<std::vector<PersonRef>> people_near(const ShownTokens& tokens,
                                             std::vector<PersonRef> people);
  using CompareWithPerson = std::function<std::optional<Match>(const Person&)>;
  std::optional<Match> compared(const Person& person,
                                std::string_view text,
                                const CompareWithPerson& compare) const;
  using LooseFindings = std::vector<std::pair<PersonRef, Finding>>;
  Result<LooseFindings> loose_findings(const std::vector<PersonRef>& people,
                                       std::size_t mailbox,
                                       std::string_view text,
                                       const CompareWithPerson& compare);
  Result<void> add_loose_findings(const std::vector<PersonRef>& people,
                                  std::size_t mailbox,
                                  std::string_view text,
                                  const CompareWithPerson& compare);
  [[nodiscard]] bool is_settled(std::size_t mailbox) const;
  [[nodiscard]] bool is_settled(OrganizationNumber organization, std::size_t mailbox) const;

  // How the field can be read: field_judge_ambiguity.cpp.
  Result<void> judge_several_mailboxes();
  Result<void> judge_mixed_owners(OrganizationNumber organization, const OwnersOfMailboxes& owners);
  Result<void> judge_limits();
  Result<std::vector<PersonRef>> protected_beyond_limits();
  void add_unread();
  void add_malformed();

  [[nodiscard]] std::vector<std::size_t> mailboxes_of(const VisibleIdentity& identity) const;
  [[nodiscard]] std::string_view address_of(std::size_t mailbox) const;
  [[nodiscard]] bool is_genuine(OrganizationNumber organization, std::size_t mailbox) const;
  [[nodiscard]] bool has_finding(OrganizationNumber organization) const;
  void add_finding(Finding finding, std::optional<PersonNumber> person = std::nullopt);
  void add_limit(FieldLimit limit);
  // Whether both are matched by the same names in the same way.
  [[nodiscard]] static bool is_namesake(const std::optional<Person>& one, const Person& other);
  [[nodiscard]] static std::string candidate_text(const Person& person,
                                                  std::string_view shown,
                                                  std::optional<Match> match);
  [[nodiscard]] Finding describe_finding(FindingKind kind,
                                         OrganizationNumber organization,
                                         std::size_t mailbox) const;
  void describe_person(Finding& finding, const Person& person) const;

  // The text is made only where somebody asked for it.
  template <typename MakeText>
  void explain(std::string_view step, MakeText make_text) const {
    if (context_.explanation != nullptr) {
      context_.explanation->add(step, make_text());
    }
  }

  JudgeContext context_;
  const SenderField& field_;
  NameSearch& search_;
  std::vector<Shown> shown_;
  std::vector<Hit> hits_;
  std::vector<Genuine> genuine_;
  std::unordered_map<PersonNumber, std::size_t> finding_of_person_;  // index in the findings
  Detection detection_;
};

}  // namespace policy
