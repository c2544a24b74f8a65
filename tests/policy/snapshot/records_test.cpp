// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/records.h"

#include "policy/people/person.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

constexpr std::uint32_t kMaximum = std::numeric_limits<std::uint32_t>::max();

Person ada() {
  return {.organization = 3,
          .directory = 1,
          .id = "ada@contoso.com",
          .name = "Ada Lovelace",
          .other_names = {"Lovelace Ada", "Аda"},
          .full_name = {.tokens = {"ada", "king", "lovelace"},
                        .given = 2,
                        .nicknames = {"adie"},
                        .transcribed = {}},
          .addresses = {"ada@contoso.com", "ada@home.example"},
          .groups = {0, 4, 5, 300},
          .role_mailbox = false};
}

Organization contoso() {
  return {.name = "contoso",
          .domains = {"contoso.com", "xn--bcher-kva.example"},
          .groups = {"Executives"},
          .directories = {"Contractors", ""}};
}

std::vector<std::string> damaged_forms(const std::string& value) {
  std::vector<std::string> forms;
  for (std::size_t i = 0; i < value.size(); ++i) {
    forms.push_back(value.substr(0, i));
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = value;
      flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^ (1U << bit));
      forms.push_back(flipped);
    }
  }
  return forms;
}

TEST(Records, KeysSortByKindThenNumber) {
  EXPECT_EQ(person_record_key(0x01020304), std::string("p\x01\x02\x03\x04", 5));
  EXPECT_LT(person_record_key(255), person_record_key(256));
  EXPECT_EQ(organization_record_key(0), std::string("o\0\0\0\0", 5));
  EXPECT_EQ(name_record_key("ada"), "nada");
  EXPECT_EQ(address_record_key("a@b"), "aa@b");
}

TEST(Records, PeopleComeBackAsTheyWere) {
  EXPECT_EQ(decode_person(encode_person(ada())).value(), ada());

  Person mailbox;
  mailbox.id = "role";
  mailbox.name = "Accounts Payable";
  mailbox.role_mailbox = true;
  EXPECT_EQ(decode_person(encode_person(mailbox)).value(), mailbox);
  mailbox.groups = {kMaximum - 1};
  EXPECT_EQ(decode_person(encode_person(mailbox)).value(), mailbox);
}

TEST(Records, AnIdThatIsThePrimaryAddressIsStoredOnce) {
  Person other = ada();
  other.id = "bda@contoso.com";
  EXPECT_EQ(encode_person(other).size(), encode_person(ada()).size() + other.id.size() + 1);
}

TEST(Records, OrganizationsComeBackAsTheyWere) {
  EXPECT_EQ(decode_organization(encode_organization(contoso())).value(), contoso());
  EXPECT_EQ(decode_organization(encode_organization({})).value(), Organization{});
}

TEST(Records, PostingsComeBackAsTheyWere) {
  const std::vector<std::vector<PersonRef>> lists{
      {{.organization = 0, .person = 0}},
      {{.organization = kMaximum, .person = kMaximum}},
      {{.organization = 1, .person = 7}, {.organization = 1, .person = 8}},
      {{.organization = 0, .person = 1}, {.organization = 9, .person = 1'000'000}}};
  for (const auto& list : lists) {
    EXPECT_EQ(decode_postings(encode_postings(list)).value(), list);
  }
}

TEST(Records, PostingsOfOnePersonTakeFewOctets) {
  const std::vector<PersonRef> one{{.organization = 0, .person = 1'000'000}};
  EXPECT_EQ(encode_postings(one).size(), 4U);
}

TEST(Records, PostingsThatNobodyWroteAreRefused) {
  EXPECT_FALSE(decode_postings("").has_value());
  // The same person twice.
  EXPECT_FALSE(decode_postings(std::string_view("\0\5\0\0", 4)).has_value());
  // A number beyond 32 bits, by itself and by adding up.
  EXPECT_FALSE(decode_postings(std::string_view("\0\xff\xff\xff\xff\x1f", 6)).has_value());
  EXPECT_FALSE(decode_postings(std::string_view("\0\xff\xff\xff\xff\x0f\0\1", 8)).has_value());
  // A varint in a longer form than needed, and one without end.
  EXPECT_FALSE(decode_postings(std::string_view("\0\x85\0", 3)).has_value());
  EXPECT_FALSE(decode_postings(std::string_view("\0\x85", 2)).has_value());
}

TEST(Records, AShorterRecordIsNeverTakenForAWholeOne) {
  const std::string person = encode_person(ada());
  const std::string organization = encode_organization(contoso());
  for (std::size_t i = 0; i < person.size(); ++i) {
    EXPECT_FALSE(decode_person(person.substr(0, i)).has_value()) << i;
  }
  for (std::size_t i = 0; i < organization.size(); ++i) {
    EXPECT_FALSE(decode_organization(organization.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(decode_person(person + '\0').has_value());
  EXPECT_FALSE(decode_organization(organization + '\0').has_value());
}

// What a decoder accepts must be what an encoder would have written: there is one form of a record.
TEST(Records, DamagedRecordsAreRefusedOrAreRecords) {
  for (const std::string& form : damaged_forms(encode_organization(contoso()))) {
    if (const auto read = decode_organization(form); read.has_value()) {
      EXPECT_EQ(encode_organization(*read), form);
    }
  }
  for (const std::string& form : damaged_forms(encode_person(ada()))) {
    if (const auto read = decode_person(form); read.has_value()) {
      EXPECT_EQ(decode_person(encode_person(*read)).value(), *read);
    }
  }
}

TEST(Records, AnyOctetsAreRefusedOrAreRecords) {
  std::mt19937 random{20240229};  // NOLINT(cert-msc51-cpp): the same octets in every run
  std::uniform_int_distribution<int> octet{0, 255};
  std::uniform_int_distribution<int> small{0, 7};
  for (int round = 0; round < 20'000; ++round) {
    std::string value(static_cast<std::size_t>(small(random) * small(random)), '\0');
    for (char& c : value) {
      c = static_cast<char>(small(random) == 0 ? octet(random) : small(random));
    }
    if (const auto read = decode_postings(value); read.has_value()) {
      EXPECT_EQ(encode_postings(*read), value);
    }
    if (const auto read = decode_organization(value); read.has_value()) {
      EXPECT_EQ(encode_organization(*read), value);
    }
    if (const auto read = decode_person(value); read.has_value()) {
      EXPECT_EQ(decode_person(encode_person(*read)).value(), *read);
    }
  }
}

}  // namespace
}  // namespace policy
