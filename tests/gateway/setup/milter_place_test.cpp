// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/milter_place.h"

#include "gateway/settings.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace gateway {
namespace {

using Family = ListenAddress::Family;

ListenAddress inet(std::string host, Family family = Family::kInet) {
  return {.family = family, .host = std::move(host), .port = 8897, .path = {}};
}

ListenAddress unix_socket(std::string path) {
  return {.family = Family::kUnix, .host = {}, .port = 0, .path = std::move(path)};
}

constexpr const char* kQueue = "/var/spool/postfix";

TEST(MilterPlace, IsToldInEachMtasWords) {
  EXPECT_EQ(postfix_place(inet("127.0.0.1"), kQueue), "inet:127.0.0.1:8897");
  EXPECT_EQ(postfix_place(inet("::1", Family::kInet6), kQueue), "inet:[::1]:8897");
  EXPECT_EQ(sendmail_place(inet("127.0.0.1")), "inet:8897@127.0.0.1");
  EXPECT_EQ(sendmail_place(inet("::1", Family::kInet6)), "inet6:8897@::1");
  EXPECT_EQ(sendmail_place(unix_socket("/run/f/m.sock")), "unix:/run/f/m.sock");
}

TEST(MilterPlace, IsLoopbackForAGatewayOnAllAddresses) {
  EXPECT_EQ(postfix_place(inet("0.0.0.0"), kQueue), "inet:127.0.0.1:8897");
  EXPECT_EQ(sendmail_place(inet("::", Family::kInet6)), "inet6:8897@::1");
}

TEST(MilterPlace, OfASocketInTheQueueFolderIsToldFromThere) {
  EXPECT_EQ(
      postfix_place(unix_socket("/var/spool/postfix/fromguard/m.sock"), "/var/spool/postfix/"),
      "unix:fromguard/m.sock");
  EXPECT_EQ(postfix_place(unix_socket("/var/spool/postfix2/m.sock"), kQueue),
            "unix:/var/spool/postfix2/m.sock");
  EXPECT_FALSE(is_inside(unix_socket("/var/spool/postfix/../m.sock"), kQueue));
}

TEST(MilterPlace, AnswersOnlyWhereSomethingListens) {
  EXPECT_FALSE(is_answering(unix_socket("/nonexistent/m.sock")));
  EXPECT_FALSE(is_answering(unix_socket(std::string(200, 'x'))));
}

}  // namespace
}  // namespace gateway
