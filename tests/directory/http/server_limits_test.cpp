// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/server.h"
#include "directory/task.h"
#include "tests/directory/http/octet_client.h"
#include "tests/directory/http/server_fixture.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

// Holds requests until it is opened. Used on the loop's thread but for `waiting`.
struct Gate {
  explicit Gate(const Executor& executor) : opening(executor) {
    opening.expires_at(boost::asio::steady_timer::time_point::max());
  }

  boost::asio::steady_timer opening;
  std::atomic<int> waiting = 0;
};

Task<ServedResponse> wait_at(Gate* gate, ServedRequest request) {
  if (request.path == "/wait") {
    ++gate->waiting;
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    co_await gate->opening.async_wait(token);
  }
  ServedResponse response;
  response.body = request.path + ".";
  co_return response;
}

class ServerLimitsTest : public ServerFixture {
 protected:
  HttpHandler waiting_handler() {
    Gate* const gate = &gate_;
    return [gate](ServedRequest request) { return wait_at(gate, std::move(request)); };
  }

  Gate gate_{io_.get_executor()};
};

TEST_F(ServerLimitsTest, ClientsThatOnlyHoldConnectionsPushEachOtherOutAndNobodyElse) {
  HttpLimits limits;
  limits.connections = 100;
  limits.idle = std::chrono::hours{1};
  limits.header = limits.idle;
  const std::string address = serve(waiting_handler(), limits);
  const OctetClient under_way{address};
  under_way.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(becomes_true([&] { return gate_.waiting == 1; }));
  std::vector<std::unique_ptr<OctetClient>> half_open;
  for (int i = 0; i < 1000; ++i) {
    half_open.push_back(std::make_unique<OctetClient>(address));
    half_open.back()->send("GET / HTTP/1.1\r\nX-Slow: ");
    if (i % 50 == 0) {
      const OctetClient good{address};
      good.send(kGet);
      ASSERT_TRUE(good.read_until("/.").ends_with("/.")) << i;
    }
  }
  EXPECT_EQ(half_open.front()->read_all(), "");
  half_open.back()->send("x\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(half_open.back()->read_until("/.").ends_with("/."));
  on_loop([&] { gate_.opening.cancel(); });
  EXPECT_TRUE(under_way.read_until("/wait.").ends_with("/wait."));
}

TEST_F(ServerLimitsTest, AConnectionBetweenTwoRequestsMakesRoomAndOneUnderWayDoesNot) {
  HttpLimits limits;
  limits.connections = 1;
  const std::string address = serve(waiting_handler(), limits);
  const OctetClient first{address};
  first.send(kGet);
  EXPECT_TRUE(first.read_until("/.").ends_with("/."));
  const OctetClient second{address};
  EXPECT_EQ(first.read_all(), "");
  second.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(becomes_true([&] { return gate_.waiting == 1; }));
  EXPECT_EQ(OctetClient{address}.read_all(), "");
  on_loop([&] { gate_.opening.cancel(); });
  EXPECT_TRUE(second.read_until("/wait.").ends_with("/wait."));
}

TEST_F(ServerLimitsTest, AClientThatDoesNotReadItsResponseIsCut) {
  HttpLimits limits;
  limits.idle = std::chrono::milliseconds{100};
  const auto large = [](ServedRequest /*request*/) -> Task<ServedResponse> {
    ServedResponse response;
    response.body.assign(std::size_t{64} * 1024 * 1024, 'x');
    co_return response;
  };
  const std::string address = serve(large, limits);
  const OctetClient client{address};
  client.send(kGet);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(OctetClient{address}.read_all(), "");  // after an idle time
  }
  EXPECT_LT(client.read_all().size(), std::size_t{64} * 1024 * 1024);
}

}  // namespace
}  // namespace directory
