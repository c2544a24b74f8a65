// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/passwords.h"

#include "directory/accounts/secrets.h"
#include "directory/task.h"
#include "policy/result.h"
#include "tests/directory/accounts/accounts_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <exception>
#include <string>
#include <thread>

namespace directory {
namespace {

using policy::ErrorCode;
using tests::await;

TEST(PasswordRules, TakeTwelveCharactersOfAnyScript) {
  EXPECT_TRUE(check_new_password("abcdefghijkl", "ada").has_value());
  EXPECT_FALSE(check_new_password("abcdefghijk", "ada").has_value());
  EXPECT_TRUE(check_new_password("éééééééééééé", "ada").has_value());
  EXPECT_FALSE(check_new_password("ééééééééééé", "ada").has_value());
  EXPECT_TRUE(check_new_password(std::string(1024, 'x'), "ada").has_value());
  EXPECT_FALSE(check_new_password(std::string(1025, 'x'), "ada").has_value());
  EXPECT_FALSE(check_new_password("abcdefghijkl\xff", "ada").has_value());
  EXPECT_FALSE(check_new_password("Ada@Contoso.COM", "ada@contoso.com").has_value());
}

TEST(Passwords, KnowTheRightOneAndNoOther) {
  boost::asio::io_context io;
  Passwords passwords{tests::kFastPasswords};
  const std::string hash = await(io, passwords.hash("correct horse")).value();
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_NE(await(io, passwords.hash("correct horse")).value(), hash);
  EXPECT_TRUE(await(io, passwords.verify(hash, "correct horse"))->is_right);
  EXPECT_FALSE(await(io, passwords.verify(hash, "correct horsf"))->is_right);
  for (const std::string damaged :
       {"", "$argon2id$", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$x$"}) {
    EXPECT_FALSE(await(io, passwords.verify(damaged, "correct horse"))->is_right) << damaged;
  }
}

TEST(Passwords, GiveABetterHashWhereTheCostHasChanged) {
  boost::asio::io_context io;
  Passwords cheap{tests::kFastPasswords};
  Passwords dear{{.passes = 2, .memory_octets = 16384}};
  const std::string old = await(io, cheap.hash("correct horse")).value();
  EXPECT_EQ(await(io, cheap.verify(old, "correct horse"))->better_hash, "");
  EXPECT_EQ(await(io, dear.verify(old, "wrong"))->better_hash, "");
  const std::string better = await(io, dear.verify(old, "correct horse"))->better_hash;
  EXPECT_NE(better, "");
  const auto again = await(io, dear.verify(better, "correct horse"));
  EXPECT_TRUE(again->is_right);
  EXPECT_EQ(again->better_hash, "");
}

TEST(Passwords, ComeBackToTheThreadThatAsked) {
  boost::asio::io_context io;
  Passwords passwords{tests::kFastPasswords};
  std::thread::id back;
  const auto ask = [&]() -> Task<void> {
    const auto hash = co_await passwords.hash("correct horse");
    EXPECT_TRUE(hash.has_value());
    back = std::this_thread::get_id();
  };
  boost::asio::co_spawn(
      io, ask(), [](const std::exception_ptr& failure) { EXPECT_EQ(failure, nullptr); });
  io.run();
  EXPECT_EQ(back, std::this_thread::get_id());
}

TEST(Passwords, RefuseWhenTooManyWait) {
  boost::asio::io_context io;
  Passwords passwords{tests::kFastPasswords, 3};
  std::size_t done = 0;
  std::size_t refused = 0;
  for (int i = 0; i < 5; ++i) {
    boost::asio::co_spawn(io,
                          passwords.hash("correct horse"),
                          [&](const std::exception_ptr&, const policy::Result<std::string>& hash) {
                            done += hash.has_value() ? 1U : 0U;
                            const bool is_busy =
                                !hash.has_value() && hash.error().code == ErrorCode::kBusy;
                            refused += is_busy ? 1U : 0U;
                          });
  }
  io.run();
  EXPECT_EQ(done, 3U);
  EXPECT_EQ(refused, 2U);
  EXPECT_TRUE(await(io, passwords.hash("correct horse")).has_value());
}

TEST(Passwords, DoNotWaitAtTheEndForThoseWhoseTurnHasNotCome) {
  boost::asio::io_context io;
  bool is_answered = false;
  {
    Passwords passwords;
    for (int i = 0; i < 10; ++i) {
      boost::asio::co_spawn(io,
                            passwords.hash("correct horse"),
                            [&](const std::exception_ptr&, const policy::Result<std::string>&) {
                              is_answered = true;
                            });
    }
    io.poll();
  }
  EXPECT_FALSE(is_answered);
}

TEST(Secrets, AreLongAndNeverTheSame) {
  const std::string secret = random_secret();
  EXPECT_EQ(secret.size(), 43U);
  EXPECT_NE(secret, random_secret());
  EXPECT_EQ(digest_of_secret(secret), digest_of_secret(secret));
  EXPECT_NE(digest_of_secret(secret), digest_of_secret(secret + "x"));
  EXPECT_EQ(digest_of_secret("").size(), 64U);
  EXPECT_TRUE(is_same_secret("a", "a"));
  EXPECT_FALSE(is_same_secret("a", "b"));
  EXPECT_FALSE(is_same_secret("a", "aa"));
  EXPECT_TRUE(is_same_secret("", ""));
}

}  // namespace
}  // namespace directory
