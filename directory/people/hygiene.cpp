// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/hygiene.h"

#include "directory/people/content.h"
#include "directory/people/protection.h"
#include "directory/people/protection_report.h"
#include "policy/name/name_forms.h"
#include "policy/people/person.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

constexpr std::size_t kShownExamples = 5;
constexpr std::size_t kFewLetters = 5;

// Names of things that are no person, in the form of `folded_name`, sorted.
constexpr std::array<std::string_view, 36> kGenericNames{"accounting",
                                                         "accounts",
                                                         "accounts payable",
                                                         "accounts receivable",
                                                         "admin",
                                                         "administrator",
                                                         "billing",
                                                         "conference room",
                                                         "contact",
                                                         "customer service",
                                                         "facilities",
                                                         "finance",
                                                         "front desk",
                                                         "help desk",
                                                         "helpdesk",
                                                         "hr",
                                                         "human resources",
                                                         "info",
                                                         "invoices",
                                                         "it support",
                                                         "it",
                                                         "mail",
                                                         "marketing",
                                                         "meeting room",
                                                         "no reply",
                                                         "noreply",
                                                         "office",
                                                         "payroll",
                                                         "postmaster",
                                                         "printer",
                                                         "reception",
                                                         "sales",
                                                         "scanner",
                                                         "service desk",
                                                         "support",
                                                         "webmaster"};

// Names in Han and the like have few characters and no spaces, and are no less names for that.
constexpr std::size_t kFewIdeographs = 2;

// How many names there are of one kind, and some of them.
class Examples {
 public:
  void add(const std::string& name) {
    ++count_;
    if (shown_.size() < kShownExamples && std::ranges::find(shown_, name) == shown_.end()) {
      shown_.push_back(name);
    }
  }

  // `one` and `many` say what is the matter with one person, and with several.
  void report(std::string_view what,
              std::string_view one,
              std::string_view many,
              std::vector<ProtectionWarning>& warnings) const {
    if (count_ > 0) {
      warnings.push_back({.what = std::string{what},
                          .text = fmt::format("{} {}: {}{}",
                                              count_,
                                              count_ == 1 ? one : many,
                                              fmt::join(shown_, ", "),
                                              count_ > shown_.size() ? ", ..." : ""),
                          .subject = {}});
    }
  }

 private:
  std::size_t count_ = 0;
  std::vector<std::string> shown_;
};

template <typename Visit>
void for_each_person_of(const DirectoryPeople& directory, Visit& visit) {
  for (std::size_t i = 0; i < directory.people.size(); ++i) {
    const policy::Person person = directory.people.at(i);
    if (!person.role_mailbox) {
      visit(person, folded_name(person.name));
    }
  }
}

template <typename Visit>
void for_each_person(const OrganizationPeople& people, Visit visit) {
  for (const DirectoryPeople& directory : people.directories) {
    for_each_person_of(directory, visit);
  }
}

// The hashes of the names that come more than once. Names are not kept: there may be a million.
std::vector<std::size_t> repeated_hashes(std::vector<std::size_t> hashes) {
  std::ranges::sort(hashes);
  std::vector<std::size_t> repeated;
  for (std::size_t i = 1; i < hashes.size(); ++i) {
    if (hashes[i] == hashes[i - 1] && (repeated.empty() || repeated.back() != hashes[i])) {
      repeated.push_back(hashes[i]);
    }
  }
  return repeated;
}

enum class Doubt { kNone, kGeneric, kShort, kSingleToken };

Doubt doubt_of(const std::string& folded) {
  if (std::ranges::find(kGenericNames, folded) != kGenericNames.end()) {
    return Doubt::kGeneric;
  }
  const std::vector<policy::NameForm> forms = policy::name_forms(folded);
  if (!forms.empty() && forms.front().ideographs >= kFewIdeographs) {
    return Doubt::kNone;
  }
  if (forms.empty() || forms.front().letters < kFewLetters) {
    return Doubt::kShort;
  }
  return forms.front().tokens.size() < 2 ? Doubt::kSingleToken : Doubt::kNone;
}

// What the names alone make one doubt.
class DoubtfulNames {
 public:
  void look_at(const std::string& name, const std::string& folded) {
    switch (doubt_of(folded)) {
      case Doubt::kNone: break;
      case Doubt::kGeneric: generic_.add(name); break;
      case Doubt::kShort: few_letters_.add(name); break;
      case Doubt::kSingleToken: single_.add(name); break;
    }
  }

  void report(std::vector<ProtectionWarning>& warnings) const {
    generic_.report("generic_name",
                    "person has a generic name, which belongs into role_mailboxes",
                    "people have a generic name, which belongs into role_mailboxes",
                    warnings);
    single_.report("single_token_name",
                   "person has a name of one word",
                   "people have a name of one word",
                   warnings);
    few_letters_.report("short_name",
                        "person has a name of under 5 letters",
                        "people have a name of under 5 letters",
                        warnings);
  }

 private:
  Examples generic_;
  Examples single_;
  Examples few_letters_;
};

std::size_t hash_of(const std::string& folded) {
  return std::hash<std::string>{}(folded);
}

std::vector<std::size_t> shared_hashes(const OrganizationPeople& people) {
  std::vector<std::size_t> hashes;
  for_each_person(people, [&](const policy::Person& /*person*/, const std::string& folded) {
    hashes.push_back(hash_of(folded));
  });
  return repeated_hashes(std::move(hashes));
}

Examples find_homonyms(const OrganizationPeople& people, const std::vector<std::size_t>& shared) {
  Examples homonyms;
  if (shared.empty()) {
    return homonyms;
  }
  for_each_person(people, [&](const policy::Person& person, const std::string& folded) {
    if (std::ranges::binary_search(shared, hash_of(folded))) {
      homonyms.add(person.name);
    }
  });
  return homonyms;
}

std::vector<ProtectionWarning> find_doubtful_names(const OrganizationPeople& people,
                                                   const std::vector<std::size_t>& shared) {
  DoubtfulNames doubtful;
  for_each_person(people, [&](const policy::Person& person, const std::string& folded) {
    doubtful.look_at(person.name, folded);
  });
  std::vector<ProtectionWarning> warnings;
  doubtful.report(warnings);
  find_homonyms(people, shared)
      .report("homonym",
              "person has the name of another",
              "people share their name with another",
              warnings);
  return warnings;
}

}  // namespace

std::vector<ProtectionWarning> find_doubtful_names(const OrganizationPeople& people) {
  return find_doubtful_names(people, shared_hashes(people));
}

ProtectionReport report_on(const OrganizationPeople& people) {
  ProtectionReport report{.organization = people.settings->name,
                          .warnings = find_missing(people),
                          .shared_names = shared_hashes(people)};
  std::ranges::move(find_doubtful_names(people, report.shared_names),
                    std::back_inserter(report.warnings));
  return report;
}

bool shares_name(const ProtectionReport& report, std::string_view name) {
  return std::ranges::binary_search(report.shared_names, hash_of(folded_name(name)));
}

std::vector<ProtectionWarning> doubts_of(std::string_view name) {
  switch (doubt_of(folded_name(name))) {
    case Doubt::kNone: break;
    case Doubt::kGeneric:
      return {{.what = "generic_name",
               .text = "the name is generic: it is better declared among role_mailboxes",
               .subject = {}}};
    case Doubt::kShort:
      return {{.what = "short_name",
               .text = "the name has under 5 letters: many others show it",
               .subject = {}}};
    case Doubt::kSingleToken:
      return {{.what = "single_token_name",
               .text = "the name is of one word: many others may show it",
               .subject = {}}};
  }
  return {};
}

}  // namespace directory
