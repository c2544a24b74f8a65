// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/server.h"

#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/result.h"
#include "tests/directory/http/octet_client.h"
#include "tests/directory/http/server_fixture.h"
#include "tests/support/stream_socket.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace directory {
namespace {

namespace fs = std::filesystem;

class ServerTest : public ServerFixture {
 protected:
  std::string serve(HttpLimits limits = {}) { return ServerFixture::serve(echo, limits); }

  fs::path socket_path() const { return folder_.path() / "api.sock"; }

  auto listen_unix() {
    return HttpServer::listen_unix(io_.get_executor(), socket_path(), "no-such-group", echo);
  }

  // What the server says to these octets until it closes.
  static std::string answer_to(const std::string& address, std::string_view octets) {
    const OctetClient client{address};
    client.send(octets);
    client.end_sending();
    return client.read_all();
  }
};

TEST_F(ServerTest, ServesRequestAfterRequestOnOneConnection) {
  const OctetClient client{serve()};
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
  const OctetClient client{serve()};
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_NE(client.read_until("PUT / ?  : ok").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, AHandlerThatThrowsGives500WithoutDetailAndTheServerGoesOn) {
  const OctetClient client{serve()};
  client.send("GET /throw HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = client.read_until("error\n");
  EXPECT_NE(answer.find("HTTP/1.1 500 "), std::string::npos);
  EXPECT_EQ(answer.find("secret"), std::string::npos);
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.read_until("GET / ?  : ").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, RefusesWhatIsTooLarge) {
  HttpLimits limits;
  limits.header_octets = 1024;
  limits.body_octets = 10;
  const std::string address = serve(limits);
  const auto status_of = [&](const std::string& request) {
    const OctetClient client{address};
    client.send(request);
    return client.read_all().substr(0, 12);
  };
  const std::string start = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(start + "X: " + std::string(200'000, 'x') + "\r\n\r\n"), "HTTP/1.1 431");
  EXPECT_EQ(status_of(start + "Content-Length: 300000\r\n\r\n" + std::string(300'000, 'b')),
            "HTTP/1.1 413");
  EXPECT_EQ(status_of(start + "Transfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n"),
            "HTTP/1.1 413");
}

TEST_F(ServerTest, RefusesWhatTwoReadersMightReadInTwoWays) {
  const std::string address = serve();
  const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

  struct Form {
    std::string octets;
    std::string status;
  };

  const std::vector<Form> forms{
      // How long the body is, said twice, or in no known way
      {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", "400"},
      {post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
      {post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "400"},
      {post + "Content-Length: 3, 3\r\n\r\nabc", "400"},
      {post + "Content-Length: +3\r\n\r\nabc", "400"},
      {post + "Content-Length: 0x3\r\n\r\nabc", "400"},
      {post + "Content-Length: -3\r\n\r\nabc", "400"},
      {post + "Content-Length:\r\n\r\nabc", "400"},
      {post + "Content-Length: 99999999999999999999999\r\n\r\nabc", "400"},
      {post + "Transfer-Encoding: gzip\r\n\r\nabc", "501"},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
      {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "501"},
      {post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "501"},
      {post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "501"},
      {post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "400"},
      {"POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", "400"},
      {post + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", "400"},
      {post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", "400"},
      {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc", "400"},
      // Line ends and octets
      {get + "X: a\r\n b\r\n\r\n", "400"},
      {get + "X: a\r\n\tb\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400"},
      {get + "X: a\nY: b\r\n\r\n", "400"},
      {get + "X: a\rY: b\r\n\r\n", "400"},
      {get + "X: a\r\r\n\r\n", "400"},
      {"GET / HTTP/1.1\nHost: h\n\n", "400"},
      {get + std::string{"X: a\0b\r\n\r\n", 11}, "400"},
      {get + "X: a\x0b\r\n\r\n", "400"},
      {get + "X: a\x7f\r\n\r\n", "400"},
      {get + "X Y: a\r\n\r\n", "400"},
      {get + ": a\r\n\r\n", "400"},
      {get + "X\r\n\r\n", "400"},
      {"\r\n" + get + "\r\n", "400"},
      {"\x16\x03\x01\x02\x05\x01", "400"},
      // Whom it is for
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {get + "Host: h\r\n\r\n", "400"},
      {get + "Host: i\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: h, i\r\n\r\n", "400"},
      {"GET http://i/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET http://h:80/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET http:///x HTTP/1.1\r\nHost:\r\n\r\n", "400"},
      {"GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET h/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET /\t HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET /\xC3\xA9 HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      {"GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
      // What it wants
      {"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", "501"},
      {"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", "501"},
      {post + "Expect: 200-ok\r\nContent-Length: 0\r\n\r\n", "417"},
      {post + "Expect: 100-continue\r\nExpect: more\r\nContent-Length: 0\r\n\r\n", "417"},
      {"GET / HTTP/1.2\r\nHost: h\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "400"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"},
      {"GET /\r\nHost: h\r\n\r\n", "400"},
  };
  for (const Form& form : forms) {
    const std::string answer = answer_to(address, form.octets + smuggled);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 " + form.status) << form.octets;
    EXPECT_EQ(answer.find("\r\nDate: "), answer.rfind("\r\nDate: ")) << form.octets << answer;
    EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos) << form.octets;
  }
}

TEST_F(ServerTest, TakesTheAbsoluteFormOfItsOwnHost) {
  const std::string address = serve();
  const auto answer =
      answer_to(address, "GET HTTP://H:1/a?b HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("GET /a ? b : ")) << answer;
  const auto bare =
      answer_to(address, "GET http://h?b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(bare.ends_with("GET / ? b : ")) << bare;
}

TEST_F(ServerTest, ServesRequestsThatArriveTogetherInTheirOrder) {
  const auto answer = answer_to(serve(),
                                "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na"
                                "POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
                                "1;x=y\r\nb\r\n0\r\nHost: trailer\r\n\r\n"
                                "GET /3 HTTP/1.0\r\n\r\n");
  const std::size_t first = answer.find("POST /1 ?  : a");
  const std::size_t second = answer.find("POST /2 ?  : b");
  EXPECT_LT(first, second) << answer;
  EXPECT_NE(second, std::string::npos);
  EXPECT_TRUE(answer.ends_with("GET /3 ?  : ")) << answer;
}

TEST_F(ServerTest, KeepsTheConnectionOfAnOldClientThatAsksForIt) {
  const OctetClient client{serve()};
  client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(client.read_until("GET /1 ?  : ").find("\r\nConnection: keep-alive\r\n"),
            std::string::npos);
  client.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_NE(client.read_all().find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST_F(ServerTest, AHeaderOrABodyThatComesTooSlowlyGets408AndAnIdleClientIsClosed) {
  HttpLimits limits;
  limits.idle = std::chrono::milliseconds{50};
  limits.header = limits.idle;
  limits.body = limits.idle;
  const std::string address = serve(limits);
  const OctetClient slow_header{address};
  const OctetClient slow_body{address};
  const OctetClient idle{address};
  slow_header.send("GET / HTTP/1.1\r\nHost:");
  slow_body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(slow_header.read_all().substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(slow_body.read_all().substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(idle.read_all(), "");
}

TEST_F(ServerTest, OctetsThatTrickleInDoNotProlongTheTimeOfAHeaderOrABody) {
  HttpLimits limits;
  limits.header = std::chrono::milliseconds{100};
  limits.body = limits.header;
  limits.idle = std::chrono::hours{1};
  const std::string address = serve(limits);
  for (const char* const begin :
       {"GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"}) {
    const OctetClient client{address};
    client.send(begin);
    while (!client.has_answer(std::chrono::milliseconds{1})) {
      client.send("x");
    }
    const std::string answer = client.read_all();
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 408") << begin;
  }
}

const HttpHeaders& bad_fields() {
  static const HttpHeaders kFields{{"X-Name", "a\r\nSet-Cookie: b"},
                                   {"X-Name", "a\nb"},
                                   {"X-Name", "a\rb"},
                                   {"X-Name", std::string{"a\0b", 3}},
                                   {"X-Name\r\nSet-Cookie", "b"},
                                   {"X Name", "b"},
                                   {"", "b"}};
  return kFields;
}

TEST_F(ServerTest, AHeaderFieldThatIsNotOneLineNeverGoesOut) {
  const OctetClient client{ServerFixture::serve([](ServedRequest request) -> Task<ServedResponse> {
    ServedResponse response;
    response.body = "secret\n";
    response.headers = {bad_fields().at(std::stoul(request.query))};
    co_return response;
  })};
  for (std::size_t i = 0; i < bad_fields().size(); ++i) {
    client.send("GET /?" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::string answer = client.read_until("\r\n\r\ninternal error\n");
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 500") << i;
    EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos) << i;
    EXPECT_EQ(answer.find("secret"), std::string::npos) << i;
  }
}

TEST_F(ServerTest, SaysOnceHowLongTheBodyIsWhateverTheHandlerSays) {
  const std::string address =
      ServerFixture::serve([](ServedRequest request) -> Task<ServedResponse> {
        ServedResponse response;
        response.status = static_cast<unsigned>(std::stoul(request.query));
        response.headers = {
            {"content-length", "3"}, {"Transfer-Encoding", "gzip"}, {"Date", "now"}};
        response.body = "12345";
        co_return response;
      });
  const std::string two_hundred =
      answer_to(address, "GET /?200 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_NE(two_hundred.find("\r\nContent-Length: 5\r\n"), std::string::npos);
  EXPECT_EQ(two_hundred.find("content-length"), std::string::npos);
  EXPECT_EQ(two_hundred.find("gzip"), std::string::npos);
  const std::string none =
      answer_to(address, "GET /?204 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(none.ends_with("\r\n\r\n")) << none;
  EXPECT_EQ(none.find("Content-Length"), std::string::npos);
  const std::string wrong =
      answer_to(address, "GET /?99 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(wrong.substr(0, 12), "HTTP/1.1 500");
}

TEST_F(ServerTest, TellsTheClientsAddressTheSameThroughIpv4AndThroughIpv6) {
  const auto who = [](ServedRequest request) -> Task<ServedResponse> {
    ServedResponse response;
    response.body = "<" + request.client_address + (request.is_tls ? "> tls" : "> clear");
    co_return response;
  };
  const std::string request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  EXPECT_TRUE(answer_to(ServerFixture::serve(who), request).ends_with("<127.0.0.1> clear"));
  const TcpAddress any{.host = "::", .port = 0, .tls = {}};
  std::unique_ptr<HttpServer> both;
  on_loop([&] {
    auto listening = HttpServer::listen(io_.get_executor(), any, who);
    both = listening.has_value() ? *std::move(listening) : nullptr;
  });
  if (both == nullptr) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  const std::string port = std::to_string(both->port());
  EXPECT_TRUE(answer_to("inet:" + port + "@127.0.0.1", request).ends_with("<127.0.0.1> clear"));
  EXPECT_TRUE(answer_to("inet6:" + port + "@::1", request).ends_with("<::1> clear"));
  on_loop([&] { both.reset(); });
}

TEST_F(ServerTest, AnAddressInUseIsBusyAndABadOneAFailure) {
  serve();
  const auto second = HttpServer::listen(
      io_.get_executor(), {.host = "127.0.0.1", .port = server_->port(), .tls = {}}, echo);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, policy::ErrorCode::kBusy);
  EXPECT_FALSE(
      HttpServer::listen(io_.get_executor(), {.host = "localhost?", .port = 0, .tls = {}}, echo)
          .has_value());
}

TEST_F(ServerTest, AUnixSocketIsForItsGroupAndTellsWhoAsks) {
  const mode_t before = ::umask(0);
  server_ = listen_unix().value();
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(socket_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
  run();
  const OctetClient client{"unix:" + socket_path().string()};
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
  EXPECT_TRUE(OctetClient{"unix:" + socket_path().string()}.is_connected());
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
  const OctetClient client{serve()};
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  static_cast<void>(client.read_until("GET / ?  : "));
  stop();
  server_.reset();
  EXPECT_EQ(client.read_all(), "");
}

}  // namespace
}  // namespace directory
