// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/delegated_senders.h"

#include "policy/config/problems.h"
#include "policy/mail_address.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace policy {
namespace {

std::string problems_of(std::string_view text) {
  Problems problems;
  const auto catalogue = DelegatedSenders::parse(text, "d.yaml", problems);
  EXPECT_NE(catalogue.has_value(), problems.has_errors());
  return problems.text();
}

std::string problems_of_senders(const std::string& senders) {
  return problems_of("version: 1\nservices:\n  - name: Sign\n    senders: [" + senders + "]\n");
}

TEST(DelegatedSenders, FindsAddressesAndWholeDomains) {
  Problems problems;
  const auto catalogue = DelegatedSenders::parse(
      "version: 1\n"
      "services:\n"
      "  - {name: Files, senders: [No-Reply@Files.example]}\n"
      "  - {name: Sign, senders: [\"*@Sign.example.\", desk@files.example]}\n",
      "d.yaml",
      problems);
  ASSERT_TRUE(catalogue.has_value()) << problems.text();
  ASSERT_EQ(catalogue->services().size(), 2U);
  EXPECT_EQ(catalogue->find("no-reply@files.example"), catalogue->services().data());
  EXPECT_EQ(catalogue->find("anybody@sign.example"), &catalogue->services()[1]);
  EXPECT_EQ(catalogue->find("desk@files.example"), &catalogue->services()[1]);
  EXPECT_EQ(catalogue->services()[1].senders.front(), "*@sign.example");
  EXPECT_EQ(catalogue->find("other@files.example"), nullptr);
  EXPECT_EQ(catalogue->find("x@mail.sign.example"), nullptr);
  EXPECT_EQ(catalogue->find("x@resign.example"), nullptr);
  EXPECT_EQ(catalogue->find("sign.example"), nullptr);
  EXPECT_EQ(catalogue->find(""), nullptr);
}

TEST(DelegatedSenders, AnEmptyListSwitchesItOff) {
  Problems problems;
  const auto catalogue = DelegatedSenders::parse("version: 1\nservices: []\n", "d.yaml", problems);
  ASSERT_TRUE(catalogue.has_value()) << problems.text();
  EXPECT_EQ(catalogue->find("dse@docusign.net"), nullptr);
}

TEST(DelegatedSenders, EveryErrorIsToldWithItsPlace) {
  const std::string text = problems_of(
      "version: 2\n"
      "servces: []\n"
      "services:\n"
      "  - name: Files\n"
      "    sender: [x@files.example]\n"
      "  - name: Files\n"
      "    senders: [x@files.example, x]\n"
      "  - nonsense\n");
  for (const std::string_view expected : {
           "d.yaml:1:10: version 2 is not known; this program reads 'version: 1'",
           "d.yaml:2:1: unknown key 'servces'; did you mean 'services'?",
           "d.yaml:5:5: unknown key 'sender'; did you mean 'senders'?",
           "d.yaml:6:11: the service 'Files' is in line 4 already; remove one of them",
           "d.yaml:7:32: 'x' is no mail address: it has no @; write it as name@domain",
           "d.yaml:8:5: this must be a mapping",
       }) {
    EXPECT_TRUE(text.contains(expected)) << expected << "\nis not in\n" << text;
  }
  EXPECT_FALSE(problems_of("").empty());
  EXPECT_FALSE(problems_of("version: 1\n").empty());
  EXPECT_FALSE(problems_of("version: 1\nservices: Files\n").empty());
}

TEST(DelegatedSenders, ASenderIsAnAddressOrADomainOfItsOwn) {
  EXPECT_TRUE(problems_of_senders("\"*@gmail.com\"")
                  .contains("d.yaml:4:15: anybody can get an address at gmail.com; list the "
                            "service's own addresses"));
  EXPECT_TRUE(problems_of_senders("\"*@Outlook.com.\"").contains("anybody can get an address"));
  EXPECT_EQ(problems_of_senders("sign.service@gmail.com"), "");
  EXPECT_TRUE(problems_of_senders("\"*@com\"").contains("is a whole top-level domain"));
  EXPECT_TRUE(problems_of_senders("\"*@*.example.com\"").contains("is no domain name"));
  EXPECT_TRUE(problems_of_senders("\"no*@example.com\"").contains("has a * where none may be"));
  EXPECT_TRUE(problems_of_senders("\"*\"").contains("has a * where none may be"));
  EXPECT_TRUE(problems_of_senders("x@sign.example, X@sign.example")
                  .contains("d.yaml:4:31: the sender 'x@sign.example' is in line 4 already"));
}

TEST(DelegatedSenders, TheBuiltInOneHoldsServicesAndNobodyElse) {
  const DelegatedSenders& catalogue = DelegatedSenders::built_in();
  const DelegatedService* service = catalogue.find(canonical_address("dse@DocuSign.net"));
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->name, "DocuSign");
  for (const std::string_view sender : {"adobesign@adobesign.com",
                                        "calendar-notification@google.com",
                                        "comments-noreply@docs.google.com",
                                        "drive-shares-dm-noreply@google.com",
                                        "dse_na4@docusign.net",
                                        "no-reply@sharepointonline.com",
                                        "noreply@email.teams.microsoft.com",
                                        "notifications@github.com"}) {
    EXPECT_NE(catalogue.find(sender), nullptr) << sender;
  }
  for (const std::string_view other : {"ada@contoso.com",
                                       "ada@docusign.com",
                                       "ada@github.com",
                                       "ada@gmail.com",
                                       "ada@google.com",
                                       "ada@microsoft.com",
                                       "ada@notdocusign.net",
                                       "ada@outlook.com"}) {
    EXPECT_EQ(catalogue.find(other), nullptr) << other;
  }
}

}  // namespace
}  // namespace policy
