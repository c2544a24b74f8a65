// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/server.h"
#include "directory/task.h"
#include "tests/directory/http/octet_client.h"
#include "tests/directory/http/server_fixture.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kOpen = "5\r\nopen\n\r\n";

// Gives what is pushed. Used on the loop's thread but for the counts.
class PushedStream final : public BodyStream {
 public:
  explicit PushedStream(const Executor& executor) : news_(executor) {}

  Task<std::optional<std::string>> next() override {
    while (pieces_.empty() && !is_over_) {
      ++waits;
      news_.expires_at(boost::asio::steady_timer::time_point::max());
      boost::system::error_code error;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
      co_await news_.async_wait(token);
    }
    if (throws_) {
      throw std::runtime_error{"secret"};
    }
    if (pieces_.empty()) {
      co_return std::nullopt;
    }
    std::string piece = std::move(pieces_.front());
    pieces_.erase(pieces_.begin());
    co_return piece;
  }

  void cancel() override {
    ++cancels;
    end();
  }

  void push(std::string piece) {
    pieces_.push_back(std::move(piece));
    news_.cancel();
  }

  void end() {
    is_over_ = true;
    news_.cancel();
  }

  void fail() {
    throws_ = true;
    end();
  }

  std::atomic<int> waits = 0;
  std::atomic<int> cancels = 0;

 private:
  boost::asio::steady_timer news_;
  std::vector<std::string> pieces_;
  bool is_over_ = false;
  bool throws_ = false;
};

// Gives 64 KiB again and again.
class EndlessStream final : public BodyStream {
 public:
  explicit EndlessStream(std::atomic<int>* cancels) : cancels_(cancels) {}

  Task<std::optional<std::string>> next() override {
    co_return is_over_ ? std::nullopt : std::optional{std::string(std::size_t{64} * 1024, 'x')};
  }

  void cancel() override {
    is_over_ = true;
    ++*cancels_;
  }

 private:
  std::atomic<int>* cancels_;
  bool is_over_ = false;
};

Task<ServedResponse> serve_stream(std::vector<std::shared_ptr<BodyStream>>* streams,
                                  ServedRequest request) {
  ServedResponse response;
  response.body = "open\n";
  if (request.path != "/plain") {
    response.stream = streams->at(std::stoul(request.query));
  }
  co_return response;
}

Task<ServedResponse> serve_nothing(std::vector<std::shared_ptr<BodyStream>>* streams) {
  ServedResponse response;
  response.status = 204;
  response.stream = streams->at(0);
  co_return response;
}

class ServerStreamTest : public ServerFixture {
 protected:
  // Serves the streams at /?0 and so on.
  std::string serve_streams(std::size_t count, HttpLimits limits = {}) {
    for (std::size_t i = 0; i < count; ++i) {
      pushed_.push_back(std::make_shared<PushedStream>(io_.get_executor()));
      streams_.push_back(pushed_.back());
    }
    auto* const streams = &streams_;
    return serve(
        [streams](ServedRequest request) { return serve_stream(streams, std::move(request)); },
        limits);
  }

  void push(std::size_t stream, const std::string& piece) {
    on_loop([&] { pushed_.at(stream)->push(piece); });
  }

  void end(std::size_t stream) {
    on_loop([&] { pushed_.at(stream)->end(); });
  }

  std::vector<std::shared_ptr<PushedStream>> pushed_;
  std::vector<std::shared_ptr<BodyStream>> streams_;
};

std::string get(int stream, std::string_view version = "1.1") {
  return "GET /?" + std::to_string(stream) + " HTTP/" + std::string{version} +
         "\r\nHost: h\r\n\r\n";
}

TEST_F(ServerStreamTest, EachPieceArrivesAsSoonAsItIsThereAndEachClientHasItsOwn) {
  const std::string address = serve_streams(2);
  const OctetClient one{address};
  const OctetClient two{address};
  one.send(get(0));
  two.send(get(1));
  const std::string begin = one.read_until(kOpen);
  EXPECT_NE(begin.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(begin.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(two.read_until(kOpen).ends_with(kOpen));
  push(0, "first");
  EXPECT_EQ(one.read_until("\r\nfirst\r\n"), "5\r\nfirst\r\n");
  push(1, std::string(16, 'x'));
  EXPECT_EQ(two.read_until("x\r\n"), "10\r\n" + std::string(16, 'x') + "\r\n");
  push(0, "second");
  EXPECT_EQ(one.read_until("\r\nsecond\r\n"), "6\r\nsecond\r\n");
  end(0);
  EXPECT_EQ(one.read_all(), "0\r\n\r\n");
  push(1, "y");
  EXPECT_EQ(two.read_until("y\r\n"), "1\r\ny\r\n");
}

TEST_F(ServerStreamTest, AnOldClientReadsToTheEndAndHeadHasNoStream) {
  const std::string address = serve_streams(2);
  const OctetClient old{address};
  old.send(get(0, "1.0"));
  EXPECT_TRUE(old.read_until("\r\n\r\nopen\n").ends_with("\r\n\r\nopen\n"));
  push(0, "piece");
  EXPECT_EQ(old.read_until("piece"), "piece");
  end(0);
  EXPECT_EQ(old.read_all(), "");
  const OctetClient head{address};
  head.send("HEAD /?1 HTTP/1.1\r\nHost: h\r\n\r\nGET /plain HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(head.read_until("\r\n\r\nopen\n").ends_with("\r\n\r\nopen\n"));
  EXPECT_EQ(pushed_.at(1)->cancels, 1);
}

TEST_F(ServerStreamTest, AStatusWithoutBodyHasNoStream) {
  auto* const streams = &streams_;
  const OctetClient client{
      serve([streams](ServedRequest /*request*/) { return serve_nothing(streams); })};
  on_loop([&] {
    pushed_.push_back(std::make_shared<PushedStream>(io_.get_executor()));
    streams_.push_back(pushed_.back());
  });
  for (int i = 1; i <= 2; ++i) {
    client.send(get(0));
    EXPECT_TRUE(client.read_until("\r\n\r\n").ends_with("\r\n\r\n"));
    EXPECT_EQ(pushed_.at(0)->cancels, i);
  }
}

TEST_F(ServerStreamTest, AClientThatGoesCancelsItsStreamAndNoOther) {
  const std::string address = serve_streams(2);
  const OctetClient stays{address};
  stays.send(get(1));
  EXPECT_TRUE(stays.read_until(kOpen).ends_with(kOpen));
  {
    const OctetClient goes{address};
    goes.send(get(0));
    EXPECT_TRUE(goes.read_until(kOpen).ends_with(kOpen));
    ASSERT_TRUE(becomes_true([&] { return pushed_.at(0)->waits > 0; }));
    EXPECT_EQ(pushed_.at(0)->cancels, 0);
  }
  EXPECT_TRUE(becomes_true([&] { return pushed_.at(0)->cancels > 0; }));
  EXPECT_EQ(pushed_.at(1)->cancels, 0);
}

TEST_F(ServerStreamTest, TheEndOfTheServerCancelsStreams) {
  const std::string address = serve_streams(1);
  const OctetClient client{address};
  client.send(get(0));
  EXPECT_TRUE(client.read_until(kOpen).ends_with(kOpen));
  ASSERT_TRUE(becomes_true([&] { return pushed_.at(0)->waits > 0; }));
  on_loop([&] { server_.reset(); });
  EXPECT_GT(pushed_.at(0)->cancels, 0);
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerStreamTest, AStreamThatThrowsEndsWithoutItsLastChunk) {
  const OctetClient client{serve_streams(1)};
  client.send(get(0));
  EXPECT_TRUE(client.read_until(kOpen).ends_with(kOpen));
  on_loop([&] { pushed_.at(0)->fail(); });
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerStreamTest, AClientThatDoesNotReadIsCut) {
  HttpLimits limits;
  limits.idle = std::chrono::milliseconds{100};
  std::atomic<int> cancels = 0;
  streams_.push_back(std::make_shared<EndlessStream>(&cancels));
  const OctetClient client{serve_streams(0, limits)};
  client.send(get(0));
  EXPECT_TRUE(becomes_true([&] { return cancels > 0; }));
  stop();
}

TEST_F(ServerStreamTest, AStreamMayBeQuietForLongerThanAConnectionMayBeIdle) {
  HttpLimits limits;
  limits.idle = std::chrono::milliseconds{20};
  const std::string address = serve_streams(1, limits);
  const OctetClient client{address};
  client.send(get(0));
  EXPECT_TRUE(client.read_until(kOpen).ends_with(kOpen));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(OctetClient{address}.read_all(), "");  // after an idle time
  }
  push(0, "piece");
  EXPECT_EQ(client.read_until("piece\r\n"), "5\r\npiece\r\n");
}

TEST_F(ServerStreamTest, StreamsHaveABoundOfTheirOwn) {
  HttpLimits limits;
  limits.streams = 1;
  limits.connections = 1;
  const std::string address = serve_streams(2, limits);
  const OctetClient first{address};
  first.send(get(0));
  EXPECT_TRUE(first.read_until(kOpen).ends_with(kOpen));
  {
    const OctetClient second{address};
    second.send(get(1));
    const std::string refused = second.read_until("later\n");
    EXPECT_EQ(refused.substr(0, 12), "HTTP/1.1 503");
    EXPECT_NE(refused.find("\r\nRetry-After: "), std::string::npos);
    EXPECT_EQ(pushed_.at(1)->cancels, 1);
    second.send("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(second.read_until("open\n").ends_with("open\n"));
  }
  push(0, "piece");
  EXPECT_EQ(first.read_until("piece\r\n"), "5\r\npiece\r\n");
  end(0);
  EXPECT_EQ(first.read_all(), "0\r\n\r\n");
}

TEST_F(ServerStreamTest, LittleThatIsSentDuringAStreamIsIgnoredAndMuchEndsIt) {
  const OctetClient client{serve_streams(1)};
  client.send(get(0) + get(0));
  EXPECT_TRUE(client.read_until(kOpen).ends_with(kOpen));
  push(0, "piece");
  EXPECT_EQ(client.read_until("piece\r\n"), "5\r\npiece\r\n");
  EXPECT_EQ(pushed_.at(0)->cancels, 0);
  client.send(std::string(10'000, 'x'));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(becomes_true([&] { return pushed_.at(0)->cancels > 0; }));
}

}  // namespace
}  // namespace directory
