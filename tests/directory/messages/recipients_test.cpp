// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/recipients.h"

#include "directory/store/directory_content.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace directory {
namespace {

class RecipientsTest : public StoreTest {
 protected:
  RecipientsTest() {
    put_full_round([](StagedPage& page) {
      StoredUser ada = make_user("1", "Ada");
      ada.mail = "ada@contoso.com";
      ada.proxy_addresses = {
          "SMTP: ada@contoso.com", "smtp:ada@fabrikam.com", "SIP:ada@sip.example"};
      page.put_user(ada);
      StoredUser bob = make_user("2", "Bob");
      bob.mail = "";
      bob.proxy_addresses = {};
      bob.user_principal_name = "Bob@contoso.com";
      page.put_user(bob);
      StoredUser eve = make_user("3", "Eve");
      eve.mail = "eve@contoso.com";
      page.put_user(eve);
      StoredGroup all = make_group("g1", "All");
      all.mail = "all@contoso.com";
      page.put_group(all);
      page.put_group(make_group("g2", "Nested"));
      page.put_member("g1", "1", StoredMemberKind::kUser);
      page.put_member("g1", "g2", StoredMemberKind::kGroup);
      page.put_member("g2", "g1", StoredMemberKind::kGroup);
      page.put_member("g2", "3", StoredMemberKind::kUser);
    });
  }

  [[nodiscard]] Recipients find(const std::vector<std::string>& addresses) {
    const auto view = ContentView::open(database().snapshot(), key_).value();
    return find_recipients(view, addresses).value();
  }

  static std::vector<std::string> users_of(const Recipients& recipients) {
    std::vector<std::string> users;
    for (const Mailbox& mailbox : recipients.mailboxes) {
      users.push_back(mailbox.user_id);
    }
    return users;
  }
};

TEST_F(RecipientsTest, PeopleAreFoundByAnyAddressThatTakesMail) {
  const auto found =
      find({"Ada@Fabrikam.com", "ada+news@contoso.com", "bob@contoso.com", "ada@sip.example"});
  EXPECT_EQ(users_of(found), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(found.mailboxes[0].address, "ada@contoso.com");
  EXPECT_EQ(found.mailboxes[1].address, "Bob@contoso.com");
  EXPECT_EQ(found.unknown, std::vector<std::string>{"ada@sip.example"});
}

TEST_F(RecipientsTest, AGroupIsItsMembersAndThoseOfTheGroupsInIt) {
  const auto found = find({"all@contoso.com", "ada@contoso.com", "nobody@contoso.com"});
  EXPECT_EQ(users_of(found), (std::vector<std::string>{"1", "3"}));
  ASSERT_EQ(found.groups.size(), 1U);
  EXPECT_EQ(found.groups[0].name, "All");
  EXPECT_EQ(found.groups[0].members, 2U);
  EXPECT_EQ(found.unknown, std::vector<std::string>{"nobody@contoso.com"});
}

}  // namespace
}  // namespace directory
