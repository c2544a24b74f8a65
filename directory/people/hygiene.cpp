// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/hygiene.h"

#include "directory/people/content.h"
#include "directory/people/protection.h"
#include "policy/name/name_forms.h"
#include "policy/people/person.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
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

  void report(std::string_view what,
              std::string_view sentence,
              std::vector<ProtectionWarning>& warnings) const {
    if (count_ > 0) {
      warnings.push_back({.what = std::string{what},
                          .text = fmt::format("{} {}: {}{}",
                                              count_,
                                              sentence,
                                              fmt::join(shown_, ", "),
                                              count_ > shown_.size() ? ", ..." : "")});
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

// What a name alone makes one doubt.
class DoubtfulNames {
 public:
  void look_at(const std::string& name, const std::string& folded) {
    if (std::ranges::find(kGenericNames, folded) != kGenericNames.end()) {
      generic_.add(name);
      return;
    }
    const std::vector<policy::NameForm> forms = policy::name_forms(folded);
    if (!forms.empty() && forms.front().ideographs >= kFewIdeographs) {
      return;
    }
    if (forms.empty() || forms.front().letters < kFewLetters) {
      few_letters_.add(name);
    } else if (forms.front().tokens.size() < 2) {
      single_.add(name);
    }
  }

  void report(std::vector<ProtectionWarning>& warnings) const {
    generic_.report(
        "generic_name", "people have a generic name, which belongs into role_mailboxes", warnings);
    single_.report("single_token_name", "people have a name of one word", warnings);
    few_letters_.report("short_name", "people have a name of under 5 letters", warnings);
  }

 private:
  Examples generic_;
  Examples single_;
  Examples few_letters_;
};

Examples find_homonyms(const OrganizationPeople& people) {
  constexpr std::hash<std::string> kHash;
  std::vector<std::size_t> hashes;
  for_each_person(people, [&](const policy::Person& /*person*/, const std::string& folded) {
    hashes.push_back(kHash(folded));
  });
  Examples homonyms;
  const auto repeated = repeated_hashes(std::move(hashes));
  if (repeated.empty()) {
    return homonyms;
  }
  for_each_person(people, [&](const policy::Person& person, const std::string& folded) {
    if (std::ranges::binary_search(repeated, kHash(folded))) {
      homonyms.add(person.name);
    }
  });
  return homonyms;
}

}  // namespace

std::vector<ProtectionWarning> find_doubtful_names(const OrganizationPeople& people) {
  DoubtfulNames doubtful;
  for_each_person(people, [&](const policy::Person& person, const std::string& folded) {
    doubtful.look_at(person.name, folded);
  });
  std::vector<ProtectionWarning> warnings;
  doubtful.report(warnings);
  find_homonyms(people).report("homonym", "people share their name with another", warnings);
  return warnings;
}

}  // namespace directory
