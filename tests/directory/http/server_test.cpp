// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/server.h"

#include "directory/task.h"
#include "policy/result.h"
#include "tests/support/stream_socket.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace directory {
namespace {

namespace fs = std::filesystem;

// Says what it was asked, fails at /throw.
Task<ServedResponse> echo(ServedRequest request) {
  if (request.path == "/throw") {
    throw std::runtime_error{"secret"};
  }
  ServedResponse response;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = request.method + " " + request.path + " ? " + request.query + " : " +
                  request.body +
                  (request.peer.has_value() ? " uid " + std::to_string(request.peer->user) : "");
  co_return response;
}

// A connection of a client that writes and reads octets.
class Client {
 public:
  explicit Client(const std::string& address) {
    const auto to = tests::parse_milter_address(address).value();
    socket_ = tests::open_stream(to, false).value();
    is_connected_ = ::connect(socket_.get(), to.get(), to.size) == 0;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }

  void send(std::string_view octets) const {
    while (!octets.empty()) {
      const ssize_t sent = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return;
      }
      octets.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // What comes until `end`, or until the server closes.
  std::string read_until(std::string_view end) const {
    std::string read;
    std::array<char, 4096> octets{};
    while (end.empty() || !read.ends_with(end)) {
      const ssize_t got = ::recv(socket_.get(), octets.data(), octets.size(), 0);
      if (got <= 0) {
        break;
      }
      read.append(octets.data(), static_cast<std::size_t>(got));
    }
    return read;
  }

  std::string read_all() const { return read_until(""); }

 private:
  tests::Descriptor socket_;
  bool is_connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  ~ServerTest() override { stop(); }

  void run() {
    thread_ = std::thread{[this] { io_.run(); }};
  }

  void stop() {
    io_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  std::string serve(HttpLimits limits = {}) {
    server_ = HttpServer::listen(io_.get_executor(), "127.0.0.1", 0, echo, limits).value();
    const std::string address = "inet:" + std::to_string(server_->port()) + "@127.0.0.1";
    run();
    return address;
  }

  fs::path socket_path() const { return folder_.path() / "api.sock"; }

  auto listen_unix() {
    return HttpServer::listen_unix(io_.get_executor(), socket_path(), "no-such-group", echo);
  }

  tests::TemporaryFolder folder_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerTest, ServesRequestAfterRequestOnOneConnection) {
  const Client client{serve()};
  client.send("GET /a%20b?x=1&y HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.read_until("GET /a%20b ? x=1&y : ").find("HTTP/1.1 200 OK\r\n"),
            std::string::npos);
  client.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
  const std::string second = client.read_until("POST /b ?  : body");
  EXPECT_NE(second.find("\r\nContent-Length: 17\r\n"), std::string::npos);
  EXPECT_NE(second.find("\r\nDate: "), std::string::npos);
  client.send("HEAD /c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string third = client.read_all();
  EXPECT_NE(third.find("\r\nContent-Length: 13\r\n"), std::string::npos);
  EXPECT_TRUE(third.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, TellsAClientThatAsksWhetherItMaySendTheBody) {
  const Client client{serve()};
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_NE(client.read_until("PUT / ?  : ok").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, AHandlerThatThrowsGives500WithoutDetailAndTheServerGoesOn) {
  const Client client{serve()};
  client.send("GET /throw HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = client.read_until("error\n");
  EXPECT_NE(answer.find("HTTP/1.1 500 "), std::string::npos);
  EXPECT_EQ(answer.find("secret"), std::string::npos);
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.read_until("GET / ?  : ").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, RefusesWhatIsTooLargeOrNoHttp) {
  HttpLimits limits;
  limits.header_octets = 1024;
  limits.body_octets = 10;
  const std::string address = serve(limits);
  const auto status_of = [&](const std::string& request) {
    const Client client{address};
    client.send(request);
    return client.read_all().substr(0, 12);
  };
  const std::string start = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(start + "X: " + std::string(200'000, 'x') + "\r\n\r\n"), "HTTP/1.1 431");
  EXPECT_EQ(status_of(start + "Content-Length: 300000\r\n\r\n" + std::string(300'000, 'b')),
            "HTTP/1.1 413");
  EXPECT_EQ(status_of(start + "Transfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n"),
            "HTTP/1.1 413");
  EXPECT_EQ(status_of("\x16\x03\x01 hello\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status_of("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status_of(start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            "HTTP/1.1 400");
  EXPECT_EQ(status_of(start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
            "HTTP/1.1 400");
}

TEST_F(ServerTest, AClientThatStopsInTheMiddleGets408AndAnIdleOneIsClosed) {
  HttpLimits limits;
  limits.idle = std::chrono::milliseconds{50};
  const std::string address = serve(limits);
  const Client slow{address};
  const Client idle{address};
  slow.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(slow.read_all().substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(idle.read_all(), "");
}

TEST_F(ServerTest, RefusesConnectionsOverTheLimit) {
  HttpLimits limits;
  limits.connections = 1;
  const std::string address = serve(limits);
  const Client first{address};
  first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(first.read_until("GET / ?  : ").find("200 OK"), std::string::npos);
  EXPECT_EQ(Client{address}.read_all(), "");
  first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(first.read_until("GET / ?  : ").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, AnAddressInUseIsBusyAndABadOneAFailure) {
  serve();
  const auto second = HttpServer::listen(io_.get_executor(), "127.0.0.1", server_->port(), echo);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, policy::ErrorCode::kBusy);
  EXPECT_FALSE(HttpServer::listen(io_.get_executor(), "localhost?", 0, echo).has_value());
}

TEST_F(ServerTest, AUnixSocketIsForItsGroupAndTellsWhoAsks) {
  const mode_t before = ::umask(0);
  server_ = listen_unix().value();
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(socket_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
  run();
  const Client client{"unix:" + socket_path().string()};
  const std::string user = " uid " + std::to_string(::getuid());
  client.send("GET /who HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.read_until(user).find("GET /who ?  :  uid "), std::string::npos);
  stop();
  server_.reset();
  EXPECT_FALSE(fs::exists(socket_path()));
}

TEST_F(ServerTest, ReplacesAUnixSocketThatNobodyListensOn) {
  {
    const auto address = tests::parse_milter_address("unix:" + socket_path().string()).value();
    const auto left = tests::listen_on(address).value();
  }
  ASSERT_TRUE(fs::exists(socket_path()));
  server_ = listen_unix().value();
  const auto second = listen_unix();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, policy::ErrorCode::kBusy);
  EXPECT_TRUE(Client{"unix:" + socket_path().string()}.is_connected());
}

TEST_F(ServerTest, LeavesAFileAloneThatIsNoSocket) {
  tests::write_file(socket_path(), "precious");
  const auto refused = listen_unix();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, policy::ErrorCode::kInvalidInput);
  EXPECT_TRUE(fs::is_regular_file(socket_path()));
  const auto too_long = HttpServer::listen_unix(
      io_.get_executor(), folder_.path() / std::string(120, 'x'), "no-such-group", echo);
  EXPECT_FALSE(too_long.has_value());
}

TEST_F(ServerTest, ClosesItsConnectionsWhenItGoes) {
  const Client client{serve()};
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  static_cast<void>(client.read_until("GET / ?  : "));
  stop();
  server_.reset();
  EXPECT_EQ(client.read_all(), "");
}

}  // namespace
}  // namespace directory
