// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/generation_encoder.h"

#include "policy/name/protected_name.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/sentinel.h"
#include "policy/snapshot/snapshot_view.h"
#include "tests/support/memory_directory.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace policy {
namespace {

using tests::encode_generation;
using tests::MemoryGeneration;

std::vector<Organization> organizations() {
  return {
      {.name = "contoso",
       .domains = {"contoso.com", "contoso.net"},
       .groups = {"Executives", "Finance"},
       .directories = {"HR"}},
      {.name = "empty", .domains = {"empty.example"}, .groups = {}, .directories = {}},
      {.name = "fabrikam", .domains = {"fabrikam.com"}, .groups = {}, .directories = {"A", "B"}}};
}

std::vector<Person> people() {
  return {{.id = "ada@contoso.com",
           .name = "Ada Lovelace",
           .other_names = {"Ada King"},
           .full_name = {.tokens = {"ada", "lovelace"},
                         .given = 1,
                         .nicknames = {"adie"},
                         .transcribed = {}},
           .addresses = {"ada@contoso.com", "ada@home.example"},
           .groups = {0, 1}},
          {.id = "bob@contoso.com",
           .name = "Bob Roe",
           .other_names = {},
           .full_name = {},
           .addresses = {"bob@contoso.com"},
           .groups = {}},
          {.organization = 2,
           .directory = 1,
           .id = "role",
           .name = "Ada Lovelace",
           .other_names = {},
           .full_name = {},
           .addresses = {"ada@home.example"},
           .groups = {},
           .role_mailbox = true}};
}

std::string content_of(const std::vector<Organization>& some, const std::vector<Person>& who) {
  return encode_generation(some, who).value().manifest.content_digest;
}

TEST(GenerationEncoder, EveryKeyLeadsToThePeopleWhoHaveIt) {
  const auto view = tests::make_memory_directory(organizations(), people(), 7);
  EXPECT_EQ(view->generation(), 7U);
  EXPECT_EQ(view->organizations(), organizations());

  const PersonRef ada{.organization = 0, .person = 0};
  const PersonRef role{.organization = 2, .person = 2};
  for (const std::string& key : protected_name_keys("Ada Lovelace", true)) {
    EXPECT_EQ(view->people_by_name_key(key).value(), (std::vector{ada, role}));
  }
  for (const std::string& key : protected_name_keys("Ada King", false)) {
    EXPECT_EQ(view->people_by_name_key(key).value(), std::vector{ada});
  }
  EXPECT_EQ(view->people_by_address("ada@home.example").value(), (std::vector{ada, role}));
  EXPECT_EQ(view->people_by_address("ada@contoso.com").value(), std::vector{ada});
  EXPECT_TRUE(view->people_by_address("ada@contoso.co").value().empty());
  EXPECT_TRUE(view->people_by_name_key("").value().empty());
  for (PersonNumber i = 0; i < people().size(); ++i) {
    EXPECT_EQ(view->person(i).value(), people()[i]);
  }
}

TEST(GenerationEncoder, DomainsLeadToTheirOrganizationWhole) {
  const auto view = tests::make_memory_directory(organizations(), people());
  EXPECT_EQ(view->organization_of_domain("contoso.net"), 0U);
  EXPECT_EQ(view->organization_of_domain("empty.example"), 1U);
  EXPECT_EQ(view->organization_of_domain("mail.contoso.net"), std::nullopt);
  EXPECT_EQ(view->organization_of_domain(""), std::nullopt);
}

TEST(GenerationEncoder, CountsWhatItWrites) {
  const MemoryGeneration made = encode_generation(organizations(), people()).value();
  EXPECT_EQ(made.manifest.records.addresses, 3U);
  EXPECT_EQ(made.manifest.records.people, 3U);
  EXPECT_EQ(made.manifest.records.organizations, 3U);
  EXPECT_GT(made.manifest.records.spellings, 0U);
  EXPECT_EQ(made.records.size(), 9 + made.manifest.records.names + made.manifest.records.spellings);
  EXPECT_EQ(made.manifest.organizations[0].people, 2U);
  EXPECT_EQ(made.manifest.organizations[1].people, 0U);
}

TEST(GenerationEncoder, ContentDigestChangesWithAnyPersonAndWithNothingElse) {
  const std::string digest = content_of(organizations(), people());
  EXPECT_EQ(encode_generation(organizations(), people(), 9).value().manifest.content_digest,
            digest);

  auto other_organizations = organizations();
  other_organizations[1].domains = {"empty.test"};
  EXPECT_NE(content_of(other_organizations, people()), digest);

  auto other_people = people();
  other_people[1].addresses.emplace_back("bob@home.example");
  EXPECT_NE(content_of(organizations(), other_people), digest);
  other_people = people();
  other_people.pop_back();
  EXPECT_NE(content_of(organizations(), other_people), digest);
  other_people = people();
  std::swap(other_people[0], other_people[1]);
  EXPECT_NE(content_of(organizations(), other_people), digest);
}

TEST(GenerationEncoder, RefusesPeopleWhoFitNoOrganization) {
  auto wrong = people();
  wrong[0].organization = 3;
  EXPECT_FALSE(encode_generation(organizations(), wrong).has_value());
  wrong = people();
  std::swap(wrong[1], wrong[2]);
  EXPECT_FALSE(encode_generation(organizations(), wrong).has_value());
  wrong = people();
  wrong[0].directory = 1;
  EXPECT_FALSE(encode_generation(organizations(), wrong).has_value());
  wrong = people();
  wrong[0].groups = {0, 2};
  EXPECT_FALSE(encode_generation(organizations(), wrong).has_value());
  wrong = people();
  wrong[0].groups = {1, 0};
  EXPECT_FALSE(encode_generation(organizations(), wrong).has_value());
  wrong = people();
  wrong[0].name.clear();
  EXPECT_FALSE(encode_generation(organizations(), wrong).has_value());
}

TEST(GenerationEncoder, RefusesOrganizationsThatCollide) {
  auto wrong = organizations();
  wrong[2].domains = {"contoso.net"};
  EXPECT_FALSE(encode_generation(wrong, {}).has_value());
  wrong = organizations();
  wrong[2].name = "contoso";
  EXPECT_FALSE(encode_generation(wrong, {}).has_value());
  wrong = organizations();
  wrong[2].domains = {"Fabrikam.com"};
  EXPECT_FALSE(encode_generation(wrong, {}).has_value());
}

TEST(Sentinels, AreASpreadWithBothEnds) {
  SentinelPicker picker;
  for (int i = 0; i < 1000; ++i) {
    picker.offer(std::to_string(i), "v");
  }
  const auto picked = picker.take();
  ASSERT_GE(picked.size(), SentinelPicker::kMost / 2);
  ASSERT_LE(picked.size(), SentinelPicker::kMost + 1);
  EXPECT_EQ(picked.front().key, "0");
  EXPECT_EQ(picked.back().key, "999");
  for (std::size_t i = 2; i + 1 < picked.size(); ++i) {
    EXPECT_EQ(std::stoi(picked[i].key) - std::stoi(picked[i - 1].key), std::stoi(picked[1].key));
  }
  EXPECT_TRUE(SentinelPicker{}.take().empty());
}

TEST(Sentinels, TellARecordThatIsGoneOrChanged) {
  MemoryGeneration made = encode_generation(organizations(), people()).value();
  EXPECT_TRUE(verify_sentinels(tests::MemorySource{made.records}, made.manifest).has_value());
  tests::Records changed = made.records;
  changed.begin()->second += '\0';
  EXPECT_FALSE(verify_sentinels(tests::MemorySource{changed}, made.manifest).has_value());
  changed = made.records;
  changed.erase(std::prev(changed.end()));
  EXPECT_FALSE(verify_sentinels(tests::MemorySource{changed}, made.manifest).has_value());
}

TEST(SnapshotView, ADamagedRecordIsAFailureAndNotNobody) {
  for (const auto& damage :
       {std::pair{address_record_key("bob@contoso.com"), std::string{}},
        std::pair{address_record_key("bob@contoso.com"), std::string("\0\x7f", 2)},
        std::pair{person_record_key(1), std::string{"x"}}}) {
    MemoryGeneration made = encode_generation(organizations(), people()).value();
    made.records[damage.first] = damage.second;
    const auto view =
        SnapshotView::create(std::make_unique<tests::MemorySource>(made.records), made.manifest);
    ASSERT_TRUE(view.has_value());
    const bool is_person = damage.first.front() == 'p';
    const ErrorCode code = is_person ? (*view)->person(1).error().code
                                     : (*view)->people_by_address("bob@contoso.com").error().code;
    EXPECT_EQ(code, ErrorCode::kUnavailable);
  }
}

TEST(SnapshotView, APersonWhoIsNotThereIsAFailure) {
  MemoryGeneration made = encode_generation(organizations(), people()).value();
  made.records.erase(person_record_key(1));
  const auto view =
      SnapshotView::create(std::make_unique<tests::MemorySource>(made.records), made.manifest);
  EXPECT_EQ((*view)->person(1).error().code, ErrorCode::kUnavailable);
}

TEST(SnapshotView, WithoutItsOrganizationsItIsNotMade) {
  MemoryGeneration made = encode_generation(organizations(), people()).value();
  made.records.erase(organization_record_key(2));
  EXPECT_FALSE(
      SnapshotView::create(std::make_unique<tests::MemorySource>(made.records), made.manifest)
          .has_value());
  made = encode_generation(organizations(), people()).value();
  made.manifest.organizations[0].name = "other";
  EXPECT_FALSE(
      SnapshotView::create(std::make_unique<tests::MemorySource>(made.records), made.manifest)
          .has_value());
}

}  // namespace
}  // namespace policy
