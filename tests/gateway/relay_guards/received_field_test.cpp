// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/received_field.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

struct Row {
  std::string_view value;
  std::string_view by;
  std::string_view id;
  std::string_view recipient;
};

TEST(ReceivedField, IsReadAsMtasWriteIt) {
  const std::vector<Row> rows{
      {.value = " from mail.client.example (mail.client.example [192.0.2.7])\n"
                "\tby mx1.contoso.com (Postfix) with ESMTPS id 4ZkQ1\n"
                "\tfor <ada@contoso.com>; Mon,  5 Oct 2026 09:30:00 +0000 (UTC)",
       .by = "mx1.contoso.com",
       .id = "4ZkQ1",
       .recipient = "ada@contoso.com"},
      {.value = "from client.example (localhost [127.0.0.1])\r\n"
                " by mx1.contoso.com (8.17.1/8.17.1) with ESMTP id 59D9U0; for ada@contoso.com",
       .by = "mx1.contoso.com",
       .id = "59D9U0",
       .recipient = "ada@contoso.com"},
      {.value = "from AM0PR01MB.eurprd01.prod.exchangelabs.com (2603:10a6:208::1) by\n"
                " AM0PR01MB2.eurprd01.prod.outlook.com (2603:10a6:208::2) with Microsoft SMTP\n"
                " Server (version=TLS1_2, cipher=TLS) id 15.20.1; Mon, 5 Oct 2026 09:30:00 +0000",
       .by = "am0pr01mb2.eurprd01.prod.outlook.com",
       .id = "15.20.1",
       .recipient = ""},
      {.value = "FROM by BY MX1.Contoso.Com. FOR <\"a b>\"@contoso.com>",
       .by = "mx1.contoso.com",
       .id = "",
       .recipient = "\"a b>\"@contoso.com"},
      {.value = "by mx1.contoso.com(Postfix)id 1(x)for<ada@contoso.com>",
       .by = "mx1.contoso.com",
       .id = "1",
       .recipient = ""},
      {.value = "(by a (by b \\) c) \\( by d) by e", .by = "e", .id = "", .recipient = ""},
      {.value = "by first by second for <a@b> for <c@d>",
       .by = "first",
       .id = "",
       .recipient = "a@b"},
      {.value = "(qmail 123 invoked by uid 0); 5 Oct 2026", .by = "", .id = "", .recipient = ""},
  };
  for (const Row& row : rows) {
    const ReceivedField field = read_received(row.value);
    EXPECT_EQ(field.by, row.by) << row.value;
    EXPECT_EQ(field.id, row.id) << row.value;
    EXPECT_EQ(field.recipient, row.recipient) << row.value;
  }
}

TEST(ReceivedField, IsReadToItsEndWhateverIsLeftOpen) {
  for (const std::string_view value : {"",
                                       " ",
                                       ";",
                                       "by",
                                       "by ",
                                       "(",
                                       "by (",
                                       "by a (b",
                                       "by a (b\\",
                                       "by \"",
                                       "by \"a\\",
                                       "for <",
                                       "for <a\"",
                                       "for <a\"\\",
                                       ")",
                                       "by a) id"}) {
    const ReceivedField field = read_received(value);
    EXPECT_LE(field.by.size() + field.id.size() + field.recipient.size(), value.size()) << value;
  }
  EXPECT_EQ(read_received("by a for <x").recipient, "<x");
  EXPECT_EQ(read_received(std::string(100'000, '(') + " by a").by, "");
  EXPECT_EQ(read_received(std::string(100'000, '"') + " by a").by, "a");
}

}  // namespace
}  // namespace gateway
