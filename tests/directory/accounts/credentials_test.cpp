// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/credentials.h"

#include "directory/http/client.h"

#include <gtest/gtest.h>

namespace directory {
namespace {

TEST(Credentials, FindTheCookieAmongOthers) {
  EXPECT_EQ(find_credentials({{"cookie", "a=b; __Host-fromguard=secret;c=d"}}).cookie, "secret");
  EXPECT_EQ(find_credentials({{"Cookie", "a=b"}, {"Cookie", " __Host-fromguard = s "}}).cookie,
            "s");
  EXPECT_EQ(find_credentials({{"Cookie", "__host-fromguard=secret; fromguard=x; =; ;;"}}).cookie,
            "");
  EXPECT_EQ(find_credentials({{"Cookie", "x__Host-fromguard=secret"}}).cookie, "");
}

TEST(Credentials, FindTheBearerTokenInAnyCase) {
  EXPECT_EQ(find_credentials({{"authorization", "bEARER fg_x"}}).bearer, "fg_x");
  EXPECT_EQ(find_credentials({{"Authorization", "Basic eDp5"}}).bearer, "");
  EXPECT_EQ(find_credentials({{"Authorization", "Bearerfg_x"}}).bearer, "");
  EXPECT_EQ(find_credentials({{"Authorization", "Bearer"}}).bearer, "");
}

TEST(Credentials, RefuseWhatIsAmbiguous) {
  for (const HttpHeaders& headers :
       {HttpHeaders{{"Cookie", "__Host-fromguard=a; __Host-fromguard=b"}},
        HttpHeaders{{"Cookie", "__Host-fromguard=a"}, {"Cookie", "__Host-fromguard=a"}},
        HttpHeaders{{"Cookie", "__Host-fromguard=a"}, {"Authorization", "Bearer b"}},
        HttpHeaders{{"Authorization", "Bearer a"}, {"Authorization", "Bearer b"}}}) {
    const Credentials found = find_credentials(headers);
    EXPECT_NE(found.refused_for, "");
    EXPECT_EQ(found.cookie + found.bearer, "");
  }
}

TEST(Credentials, KeepTheCookieToThisHostAndFromScripts) {
  EXPECT_EQ(session_cookie("s"), "__Host-fromguard=s; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(no_session_cookie(),
            "__Host-fromguard=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

}  // namespace
}  // namespace directory
