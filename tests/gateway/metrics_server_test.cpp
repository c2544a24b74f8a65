// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics_server.h"

#include "gateway/settings.h"
#include "policy/config/socket_address.h"
#include "policy/result.h"
#include "tests/support/stream_socket.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>
#include <sys/types.h>

namespace gateway {
namespace {

// A port that was free a moment ago.
std::uint16_t free_port() {
  const auto address = tests::parse_milter_address("inet:0@127.0.0.1").value();
  const tests::Descriptor listener = tests::listen_on(address).value();
  const std::string text = tests::milter_address_of(listener).value();
  return static_cast<std::uint16_t>(std::stoi(text.substr(text.find(':') + 1)));
}

class MetricsServerTest : public ::testing::Test {
 protected:
  tests::Descriptor connect() const {
    const std::string text = "inet:" + std::to_string(address_.port) + "@127.0.0.1";
    const auto address = tests::parse_milter_address(text).value();
    tests::Descriptor stream = tests::open_stream(address, false).value();
    EXPECT_EQ(::connect(stream.get(), address.get(), address.size), 0);
    return stream;
  }

  static void send(const tests::Descriptor& stream, std::string_view text) {
    // The server may have closed already; what it answered says so.
    static_cast<void>(::send(stream.get(), text.data(), text.size(), MSG_NOSIGNAL));
  }

  // Everything up to the end of the connection.
  static std::string read_all(const tests::Descriptor& stream) {
    std::string all;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t got = ::recv(stream.get(), buffer.data(), buffer.size(), 0);
      if (got <= 0) {
        return all;
      }
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

  std::string ask(const std::string& method, const std::string& target) const {
    const tests::Descriptor stream = connect();
    send(stream, method + ' ' + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return read_all(stream);
  }

  policy::SocketAddress address_{.host = "127.0.0.1", .port = free_port()};
  std::atomic<bool> ready_{true};
  std::unique_ptr<MetricsServer> server_ =
      MetricsServer::start(
          address_,
          {.metrics = [] { return std::string{"fromguard_x 1\n"}; },
           .why_not_ready = [this] { return std::string{ready_ ? "" : "there is no snapshot"}; }})
          .value();
};

TEST_F(MetricsServerTest, ServesMetrics) {
  const std::string response = ask("GET", "/metrics");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 ")) << response;
  EXPECT_NE(response.find("Content-Type: text/plain; version=0.0.4"), std::string::npos);
  EXPECT_TRUE(response.ends_with("\r\n\r\nfromguard_x 1\n"));
}

TEST_F(MetricsServerTest, IsHealthyWhileItRunsAndReadyWhenItCanJudge) {
  EXPECT_TRUE(ask("GET", "/healthz").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(ask("GET", "/readyz").starts_with("HTTP/1.1 200 "));
  ready_ = false;
  EXPECT_TRUE(ask("GET", "/healthz").starts_with("HTTP/1.1 200 "));
  const std::string response = ask("GET", "/readyz");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 503 "));
  EXPECT_TRUE(response.ends_with("there is no snapshot\n"));
}

TEST_F(MetricsServerTest, HeadSendsTheHeaderAlone) {
  const std::string response = ask("HEAD", "/metrics");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 "));
  EXPECT_NE(response.find("Content-Length: 14\r\n"), std::string::npos);
  EXPECT_TRUE(response.ends_with("\r\n\r\n"));
}

TEST_F(MetricsServerTest, RefusesOtherPagesAndMethods) {
  EXPECT_TRUE(ask("GET", "/").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(ask("GET", "/metrics/../etc/passwd").starts_with("HTTP/1.1 404 "));
  const std::string response = ask("POST", "/metrics");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 405 "));
  EXPECT_NE(response.find("Allow: GET, HEAD"), std::string::npos);
}

TEST_F(MetricsServerTest, AnswersSeveralRequestsOnOneConnection) {
  const tests::Descriptor stream = connect();
  send(stream,
       "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
       "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string responses = read_all(stream);
  EXPECT_TRUE(responses.starts_with("HTTP/1.1 200 "));
  EXPECT_NE(responses.find("HTTP/1.1 404 "), std::string::npos);
}

TEST_F(MetricsServerTest, ClosesOnWhatIsNoRequestOrTooLargeAndGoesOn) {
  for (const std::string& request :
       {std::string{"\x16\x03\x01 not HTTP at all\r\n\r\n"},
        "GET /metrics HTTP/1.1\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n",
        std::string{"GET /metrics HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789"}}) {
    const tests::Descriptor stream = connect();
    send(stream, request);
    EXPECT_EQ(read_all(stream), "");
  }
  EXPECT_TRUE(ask("GET", "/healthz").starts_with("HTTP/1.1 200 "));
}

TEST_F(MetricsServerTest, EndsWithConnectionsOpen) {
  const tests::Descriptor idle = connect();
  const tests::Descriptor half = connect();
  send(half, "GET /metr");
  EXPECT_TRUE(ask("GET", "/healthz").starts_with("HTTP/1.1 200 "));
  server_.reset();
  EXPECT_EQ(read_all(idle), "");
  EXPECT_EQ(read_all(half), "");
}

TEST_F(MetricsServerTest, WhoeverHasBeenSilentForLongestMakesRoom) {
  constexpr std::size_t kMoreThanAreServed = 200;
  std::vector<tests::Descriptor> silent;
  for (std::size_t i = 0; i < kMoreThanAreServed; ++i) {
    silent.push_back(connect());
    send(silent.back(), "GET / HTTP/1.1\r\nX: ");
  }
  EXPECT_TRUE(ask("GET", "/metrics").starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(read_all(silent.front()), "");
}

TEST_F(MetricsServerTest, ARequestNamesItsHost) {
  const tests::Descriptor stream = connect();
  send(stream, "GET /metrics HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(read_all(stream).starts_with("HTTP/1.1 400 "));
}

TEST_F(MetricsServerTest, AnAddressInUseIsBusy) {
  const auto second = MetricsServer::start(address_, {});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, policy::ErrorCode::kBusy);
  EXPECT_NE(second.error().message.find("127.0.0.1:" + std::to_string(address_.port)),
            std::string::npos);
}

}  // namespace
}  // namespace gateway
