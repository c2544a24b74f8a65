// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_key.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_message.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace gateway {
namespace {

TEST(DkimKey, NothingIsLeftButWhatVerificationNeeds) {
  EXPECT_EQ(plain_dkim_key("p=QUJD"), "v=DKIM1; k=rsa; p=QUJD");
  EXPECT_EQ(plain_dkim_key("v=DKIM1; k=ed25519; n=to whom; p=QU JD; s=email; x=y;"),
            "v=DKIM1; k=ed25519; p=QUJD");
  EXPECT_EQ(plain_dkim_key("v=DKIM1; h=sha1:sha256; t=s : y; p=QUJD"),
            "v=DKIM1; k=rsa; t=y:s; p=QUJD");
}

TEST(DkimKey, WhatIsNoKeyForMailIsNone) {
  for (const char* record : {"",
                             "v=DKIM1",
                             "v=DKIM1; p=",
                             "v=DKIM2; p=QUJD",
                             "p=QUJD; v=DKIM1",
                             "k=dsa; p=QUJD",
                             "h=sha1; p=QUJD",
                             "s=tlsrpt; p=QUJD",
                             "p=QUJD; p=QUJD",
                             "p=QUJ",
                             "p=QU%D",
                             "p=====",
                             "p=QUJD; junk",
                             "v=DKIM1; p=QUJD\x01"}) {
    EXPECT_EQ(plain_dkim_key(record), std::nullopt) << record;
  }
  EXPECT_EQ(plain_dkim_key("p=" + std::string(2000, 'A')), std::nullopt);
}

TEST(DkimKey, OneNameHasOneKey) {
  DnsAnswer answer;
  answer.status = DnsStatus::kFound;
  answer.texts = {"p=QUJD"};
  EXPECT_EQ(signature_task("f", answer).key_status, DkimKeyStatus::kFound);
  answer.texts.emplace_back("p=QUJE");
  EXPECT_EQ(signature_task("f", answer).key_status, DkimKeyStatus::kAbsent);
}

TEST(DkimKey, ServersThatFailAreNoAbsence) {
  EXPECT_EQ(signature_task("f", {}).key_status, DkimKeyStatus::kTemporaryFailure);
}

}  // namespace
}  // namespace gateway
