// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/check_references.h"

#include "policy/config/problems.h"
#include "policy/name/folding.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/policy.h"
#include "policy/verdict/rule.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

// Looks up in the directory what the policy names, and warns of what is not there.
class ReferenceCheck {
 public:
  ReferenceCheck(const policy::DirectoryView& directory, policy::Problems& problems)
      : directory_(directory), problems_(problems) {
    for (const policy::Organization& organization : directory.organizations()) {
      organizations_.insert(policy::fold_case(organization.name));
      for (const std::string& group : organization.groups) {
        groups_.insert(policy::fold_case(group));
      }
    }
  }

  void check(const policy::Rule& rule) {
    for (const std::string& organization : rule.when.organizations) {
      if (!organizations_.contains(organization)) {
        warn(rule.place, "rule", rule.name, "organization", organization);
      }
    }
    for (const std::string& group : rule.when.groups) {
      check_group(rule.place, "rule", rule.name, group);
    }
    for (const std::string& person : rule.when.people) {
      check_person(rule.place, "rule", rule.name, person);
    }
  }

  void check(const policy::PolicyException& exception) {
    if (!exception.subject.group.empty()) {
      check_group(exception.place, "exception", exception.name, exception.subject.group);
    }
    if (!exception.subject.person.empty()) {
      check_person(exception.place, "exception", exception.name, exception.subject.person);
    }
  }

 private:
  void check_group(const policy::Place& place,
                   std::string_view noun,
                   const std::string& name,
                   const std::string& group) {
    if (!groups_.contains(group)) {
      warn(place, noun, name, "group", group);
    }
  }

  void check_person(const policy::Place& place,
                    std::string_view noun,
                    const std::string& name,
                    const std::string& address) {
    const auto people = directory_.people_by_address(address);
    if (people.has_value() && people->empty()) {
      warn(place, noun, name, "person with the address", address);
    }
  }

  void warn(const policy::Place& place,
            std::string_view noun,
            const std::string& name,
            std::string_view what,
            const std::string& missing) {
    std::string text{"the "};
    text.append(noun).append(" ").append(policy::quoted_excerpt(name));
    text.append(" names the ").append(what).append(" ").append(policy::quoted_excerpt(missing));
    text.append(", and the snapshot has none; correct or remove it");
    problems_.warning(place, std::move(text));
  }

  const policy::DirectoryView& directory_;
  policy::Problems& problems_;
  std::set<std::string, std::less<>> organizations_;  // case folded
  std::set<std::string, std::less<>> groups_;         // case folded
};

}  // namespace

void check_references(const policy::Policy& policy,
                      const policy::DirectoryView& directory,
                      policy::Problems& problems) {
  ReferenceCheck check{directory, problems};
  for (const policy::PolicyException& exception : policy.exceptions()) {
    check.check(exception);
  }
  for (const std::vector<policy::Rule>* rules : {&policy.rules(), &policy.shadow_rules()}) {
    for (const policy::Rule& rule : *rules) {
      check.check(rule);
    }
  }
}

}  // namespace gateway
