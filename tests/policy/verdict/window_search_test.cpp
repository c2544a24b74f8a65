// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/window_search.h"

#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/name_search.h"
#include "tests/support/known_people.h"
#include "tests/support/memory_directory.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using tests::kContoso;
using tests::person_named;

// The primary addresses of everybody found within `text`.
std::vector<std::string> found_within(std::string_view text) {
  static const auto kDirectory =
      tests::make_memory_directory(tests::known_organizations(),
                                   {person_named("Ada Lovelace", {"ada@contoso.com"}),
                                    person_named("Ana Maria de Sousa", {"ana@contoso.com"}),
                                    person_named("John Smith", {"john@contoso.com"}),
                                    person_named("Иван Петров", {"ivan@contoso.com"}),
                                    person_named("王小明", {"wang@contoso.com"}),
                                    person_named("Madonna", {"madonna@contoso.com"})});
  const std::vector<OrganizationNumber> asked{kContoso};
  NameSearch search{*kDirectory, asked, nullptr};
  std::vector<std::string> addresses;
  const std::vector<PersonRef> people = people_within(text, search).value();
  for (const PersonRef& ref : people) {
    const Person person = kDirectory->person(ref.person).value();
    addresses.push_back(person.addresses.front());
  }
  return addresses;
}

using Addresses = std::vector<std::string>;

TEST(WindowSearch, FindsNamesAmongOtherWords) {
  EXPECT_EQ(found_within("a b c Ada Lovelace d e f"), Addresses{"ada@contoso.com"});
  EXPECT_EQ(found_within("LOVELACE,ada"), Addresses{"ada@contoso.com"});
  EXPECT_EQ(found_within("one two ana maria DE SOUSA three"), Addresses{"ana@contoso.com"});
  EXPECT_EQ(found_within("John Smith Ada Lovelace"),
            (Addresses{"ada@contoso.com", "john@contoso.com"}));
}

TEST(WindowSearch, FindsNamesBeyondAscii) {
  EXPECT_EQ(found_within("слово Иван Петров слово"), Addresses{"ivan@contoso.com"});
  EXPECT_EQ(found_within("words 王小明 words"), Addresses{"wang@contoso.com"});
  EXPECT_EQ(found_within("Ad\xC3\xA1 Lov\xC3\xA9lace"), Addresses{"ada@contoso.com"});
}

TEST(WindowSearch, FindsAddresses) {
  EXPECT_EQ(found_within("x <ada@contoso.com> y"), Addresses{"ada@contoso.com"});
}

TEST(WindowSearch, LeavesScatteredWordsAndSingleWordsAlone) {
  EXPECT_EQ(found_within("Ada and Lovelace"), Addresses{});
  EXPECT_EQ(found_within("Madonna"), Addresses{});
  EXPECT_EQ(found_within(""), Addresses{});
}

}  // namespace
}  // namespace policy
