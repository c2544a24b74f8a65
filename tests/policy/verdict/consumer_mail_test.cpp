// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/consumer_mail.h"

#include <gtest/gtest.h>

#include <string_view>

namespace policy {
namespace {

TEST(ConsumerMail, IsKnownInEveryCountry) {
  for (const std::string_view domain : {"gmail.com",
                                        "outlook.com",
                                        "outlook.fr",
                                        "yahoo.co.uk",
                                        "yahoo.com.br",
                                        "web.de",
                                        "126.com",
                                        "zohomail.com"}) {
    EXPECT_TRUE(is_consumer_mail_domain(domain)) << domain;
  }
}

TEST(ConsumerMail, IsNoHostOfAnOrganization) {
  for (const std::string_view domain :
       {"live.contoso.com", "contoso.com", "mail.gmail.contoso.com", "outlook", ""}) {
    EXPECT_FALSE(is_consumer_mail_domain(domain)) << domain;
  }
}

}  // namespace
}  // namespace policy
