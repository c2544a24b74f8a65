// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/known_people.h"

#include "policy/config/problems.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/full_name.h"
#include "policy/name/nickname_table.h"
#include "policy/name/protected_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/policy.h"
#include "tests/support/memory_directory.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {
namespace {

class UnavailableDirectory final : public policy::DirectoryView {
 public:
  [[nodiscard]] policy::Result<std::vector<policy::PersonRef>> people_by_name_key(
      std::string_view /*name_key*/) const override {
    return failure();
  }

  [[nodiscard]] policy::Result<std::vector<policy::SpelledToken>> people_by_spelling(
      std::string_view /*bucket*/) const override {
    return failure();
  }

  [[nodiscard]] policy::Result<std::vector<policy::PersonRef>> people_by_address(
      std::string_view /*canonical_address*/) const override {
    return failure();
  }

  [[nodiscard]] policy::Result<policy::Person> person(
      policy::PersonNumber /*number*/) const override {
    return failure();
  }

  [[nodiscard]] const std::vector<policy::Organization>& organizations() const override {
    return organizations_;
  }

  [[nodiscard]] std::optional<policy::OrganizationNumber> organization_of_domain(
      std::string_view canonical_domain) const override {
    return canonical_domain == "contoso.com" ? std::optional{kContoso} : std::nullopt;
  }

  [[nodiscard]] std::uint64_t generation() const override { return 1; }

 private:
  static std::unexpected<policy::Error> failure() {
    return policy::fail(policy::ErrorCode::kUnavailable, "the disk is gone");
  }

  std::vector<policy::Organization> organizations_ = known_organizations();
};

}  // namespace

std::vector<policy::Organization> known_organizations() {
  return {{.name = "contoso",
           .domains = {"contoso.com"},
           .groups = {"Executives"},
           .directories = {"HR"}},
          {.name = "fabrikam",
           .domains = {"fabrikam.example"},
           .groups = {},
           .directories = {"staff"}}};
}

policy::Person person_named(const std::string& name,
                            const std::vector<std::string>& addresses,
                            policy::OrganizationNumber organization) {
  policy::Person person;
  person.organization = organization;
  person.id = addresses.front();
  person.name = name;
  person.other_names = policy::other_names(name, "", "");
  person.full_name = policy::full_name(name, "", "", policy::NicknameTable::built_in());
  person.addresses = addresses;
  return person;
}

std::vector<policy::Person> known_people() {
  policy::Person ada = person_named("Ada Lovelace", {"ada@contoso.com", "ada@private.example"});
  ada.groups = {0};
  policy::Person payable = person_named("Accounts Payable", {"payable@contoso.com"});
  payable.role_mailbox = true;
  return {ada,
          person_named("John Smith", {"john.smith@contoso.com"}),
          person_named("John Smith", {"smith.j@contoso.com"}),
          payable,
          person_named("Madonna", {"madonna@contoso.com"}),
          person_named("王小明", {"wang@contoso.com"}),
          person_named("Zoë Świątek", {"zoe@contoso.com"}),
          person_named("Ada Lovelace", {"ada@fabrikam.example"}, kFabrikam),
          person_named("Bob Stone", {"bob@fabrikam.example"}, kFabrikam)};
}

std::shared_ptr<const policy::DirectoryView> known_directory(std::uint64_t generation) {
  return make_memory_directory(known_organizations(), known_people(), generation);
}

std::shared_ptr<const policy::DirectoryView> unavailable_directory() {
  return std::make_shared<const UnavailableDirectory>();
}

std::shared_ptr<const policy::Detector> detector_over(
    std::shared_ptr<const policy::DirectoryView> view) {
  // The built-in lexicon lives as long as the program; there is nothing to own.
  const std::shared_ptr<const policy::DecorationLexicon> lexicon{
      std::shared_ptr<void>{}, &policy::DecorationLexicon::built_in()};
  return std::make_shared<const policy::Detector>(std::move(view), lexicon);
}

std::shared_ptr<const policy::Policy> policy_of(std::string_view text) {
  policy::Problems problems;
  auto parsed = policy::Policy::parse(text, "policy.yaml", problems);
  if (!parsed.has_value()) {
    throw std::runtime_error{problems.text()};
  }
  return std::make_shared<const policy::Policy>(*std::move(parsed));
}

}  // namespace tests
