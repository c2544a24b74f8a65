// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/unix_client.h"

#include "directory/http/server.h"
#include "directory/task.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>

namespace directory {
namespace {

Task<ServedResponse> answer(ServedRequest request) {
  ServedResponse response;
  response.status = 404;
  response.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
  co_return response;
}

TEST(UnixClientTest, AsksAgainAndAgain) {
  const tests::TemporaryFolder folder;
  boost::asio::io_context io;
  auto server =
      HttpServer::listen_unix(io.get_executor(), folder.path() / "s", "no-such-group", answer);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  std::thread thread{[&] { io.run(); }};
  UnixClient client{folder.path() / "s"};
  for (int i = 0; i < 3; ++i) {
    const auto response =
        client.send({.method = "PUT", .target = "/a?b=" + std::to_string(i), .body = "{}"});
    ASSERT_TRUE(response.has_value()) << response.error().message;
    EXPECT_EQ(response->status, 404U);
    EXPECT_EQ(response->body, "PUT /a?b=" + std::to_string(i) + " {}");
  }
  io.stop();
  thread.join();
}

TEST(UnixClientTest, SaysThatNobodyListens) {
  const tests::TemporaryFolder folder;
  UnixClient client{folder.path() / "s"};
  const auto response = client.send({.method = "GET", .target = "/", .body = ""});
  ASSERT_FALSE(response.has_value());
  EXPECT_EQ(response.error().code, policy::ErrorCode::kUnavailable);
  UnixClient too_long{folder.path() / std::string(120, 'x')};
  EXPECT_FALSE(too_long.send({.method = "GET", .target = "/", .body = ""}).has_value());
}

}  // namespace
}  // namespace directory
