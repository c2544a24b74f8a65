// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/client.h"

#include "directory/http/url.h"
#include "policy/result.h"
#include "tests/support/run_task.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;
using tests::answer;
using tests::RecordedRequest;
using tests::ScriptedAnswer;
using tests::ScriptedHttpServer;

HttpRequest request_to(const std::string& url) {
  HttpRequest request;
  request.url = Url::parse(url).value();
  return request;
}

HttpClient::Settings trusting(const std::filesystem::path& authorities) {
  HttpClient::Settings settings;
  settings.authorities = authorities;
  return settings;
}

class HttpClientTest : public ::testing::Test {
 protected:
  void open(HttpClient::Settings settings) {
    auto opened = HttpClient::open(io_.get_executor(), std::move(settings));
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    client_ = *std::move(opened);
  }

  Result<HttpResponse> send(HttpRequest request) {
    if (client_ == nullptr) {
      open({});
    }
    return tests::run_task(io_, client_->send(std::move(request)));
  }

  Result<HttpResponse> get(const ScriptedHttpServer& server, const std::string& target = "/") {
    return send(request_to(server.origin() + target));
  }

  boost::asio::io_context io_;
  std::unique_ptr<HttpClient> client_;
};

ScriptedAnswer raw(std::string octets) {
  return {.octets = std::move(octets), .closes = true};
}

TEST_F(HttpClientTest, SendsARequestAndReadsTheResponseWhole) {
  const ScriptedHttpServer server{{answer(418, "{\"a\":1}", "X-One: 1\r\nx-two: 2\r\n")}};
  const auto response = send({.method = "POST",
                              .url = Url::parse(server.origin() + "/p?q=1").value(),
                              .headers = {{"Content-Type", "text/plain"}},
                              .body = "hello"});
  ASSERT_TRUE(response.has_value()) << response.error().message;
  EXPECT_EQ(response->status, 418U);
  EXPECT_EQ(response->body, "{\"a\":1}");
  EXPECT_EQ(find_header(response->headers, "x-ONE"), "1");
  EXPECT_FALSE(find_header(response->headers, "x-three").has_value());
  const RecordedRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/p?q=1");
  EXPECT_EQ(request.body, "hello");
  EXPECT_EQ(request.header("host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_TRUE(request.header("user-agent").starts_with("fromguard/"));
}

TEST_F(HttpClientTest, KeepsConnectionsForTheNextRequest) {
  const ScriptedHttpServer server{{answer(200, "1"),
                                   answer(404, "2"),
                                   answer(200, "3", "Connection: close\r\n"),
                                   answer(200, "4")}};
  for (const char* expected : {"1", "2", "3", "4"}) {
    EXPECT_EQ(get(server)->body, expected);
  }
  const auto requests = server.requests();
  EXPECT_EQ(requests.at(2).connection, 0);
  EXPECT_EQ(requests.at(3).connection, 1);
}

TEST_F(HttpClientTest, ReadsChunkedDribbledAndUndelimitedBodies) {
  ScriptedAnswer chunked =
      raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n "
          "world\r\n0\r\n\r\n");
  chunked.is_dribbled = true;
  const ScriptedHttpServer server{
      {chunked,
       raw("HTTP/1.1 200 OK\r\n\r\nto the end"),
       raw("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n")}};
  EXPECT_EQ(get(server)->body, "hello world");
  EXPECT_EQ(get(server)->body, "to the end");
  EXPECT_EQ(get(server)->status, 204U);
}

TEST_F(HttpClientTest, ReadsABodyOfManyMegabytes) {
  const std::string body(std::size_t{5} * 1024 * 1024, 'x');
  const ScriptedHttpServer server{{answer(200, body)}};
  EXPECT_EQ(get(server)->body, body);
}

TEST_F(HttpClientTest, RepeatsAGetWhoseKeptConnectionIsClosedMeanwhile) {
  const ScriptedHttpServer server{{answer(200, "1"), raw(""), answer(200, "2")}};
  EXPECT_EQ(get(server)->body, "1");
  EXPECT_EQ(get(server)->body, "2");
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(HttpClientTest, RepeatsNoPost) {
  const ScriptedHttpServer server{{answer(200, "1"), raw(""), answer(200, "2")}};
  EXPECT_EQ(get(server)->body, "1");
  HttpRequest request = request_to(server.origin());
  request.method = "POST";
  const auto response = send(request);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(HttpClientTest, DoesNotRepeatWhatFailsOnANewConnection) {
  const ScriptedHttpServer server{{raw(""), answer(200, "2")}};
  EXPECT_EQ(get(server).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(HttpClientTest, TakesACutResponseForAFailure) {
  for (const char* cut : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                          "HTTP/1.1 200 OK\r\nContent-Le",
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                          "no HTTP at all\r\n\r\n"}) {
    const ScriptedHttpServer server{{raw(cut)}};
    const auto response = get(server, "/?secret=word");
    ASSERT_FALSE(response.has_value()) << cut;
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable) << cut;
    EXPECT_EQ(response.error().message.find("word"), std::string::npos);
  }
}

TEST_F(HttpClientTest, RefusesABodyOverTheLimit) {
  const ScriptedHttpServer server{{answer(200, "12345678901"),
                                   raw("HTTP/1.1 200 OK\r\n\r\n12345678901"),
                                   answer(200, "1234567890")}};
  HttpRequest request = request_to(server.origin());
  request.body_limit = 10;
  EXPECT_EQ(send(request).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(send(request).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(send(request)->body, "1234567890");
}

TEST_F(HttpClientTest, FollowsNoRedirect) {
  const ScriptedHttpServer server{{answer(302, "", "Location: /elsewhere\r\n")}};
  EXPECT_EQ(get(server)->status, 302U);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(HttpClientTest, EndsWhenTheTimeIsOver) {
  const ScriptedHttpServer server{{ScriptedAnswer{.octets = "HTTP/1.1 200 OK\r\n"}}};
  HttpRequest request = request_to(server.origin());
  request.timeout = std::chrono::milliseconds{50};
  const auto response = send(request);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(response.error().message.find("time is over"), std::string::npos);
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
  std::string origin;
  {
    const ScriptedHttpServer gone{std::vector<ScriptedAnswer>{}};
    origin = gone.origin();
  }
  const auto response = send(request_to(origin));
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(response.error().message.find(origin), std::string::npos);
}

TEST_F(HttpClientTest, SaysThatANameDoesNotResolve) {
  const auto response = send(request_to("http://nobody.invalid/"));
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(response.error().message.find("resolve"), std::string::npos);
}

TEST_F(HttpClientTest, RefusesALineBreakInAHeader) {
  const ScriptedHttpServer server{{answer(200, "")}};
  HttpRequest request = request_to(server.origin());
  request.headers = {{"X-Name", "a\r\nX-Other: b"}};
  const auto response = send(request);
  EXPECT_EQ(response.error().code, ErrorCode::kInvalidInput);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTest, EndsTheRequestOfACancelledCoroutine) {
  boost::asio::cancellation_signal cancel;
  const ScriptedHttpServer server{[&](const RecordedRequest&) {
    boost::asio::post(io_, [&] { cancel.emit(boost::asio::cancellation_type::terminal); });
    return ScriptedAnswer{};
  }};
  open({});
  HttpRequest request = request_to(server.origin());
  request.timeout = std::chrono::hours{1};
  bool is_over = false;
  boost::asio::co_spawn(
      io_,
      client_->send(std::move(request)),
      boost::asio::bind_cancellation_slot(
          cancel.slot(),
          [&](const std::exception_ptr&, const Result<HttpResponse>&) { is_over = true; }));
  io_.run();
  EXPECT_TRUE(is_over);
}

class TlsClientTest : public HttpClientTest {
 protected:
  ScriptedHttpServer::Script hello() const {
    return [](const RecordedRequest&) { return answer(200, "hello"); };
  }

  tests::Identity server_identity(const std::vector<std::string>& hosts) const {
    return tests::make_identity({.hosts = hosts, .key = tests::KeyKind::kEllipticCurve},
                                authority_);
  }

  void trust_authority() {
    const auto file = folder_.path() / "authority.pem";
    tests::write_file(file, authority_.certificate);
    open(trusting(file));
  }

  tests::TemporaryFolder folder_;
  tests::Identity authority_ = tests::make_identity({.common_name = "fromguard test authority",
                                                     .is_authority = true,
                                                     .key = tests::KeyKind::kEllipticCurve});
};

TEST_F(TlsClientTest, SpeaksToAServerOfAKnownAuthorityAndKeepsTheConnection) {
  const ScriptedHttpServer server{hello(), server_identity({"127.0.0.1", "localhost"})};
  trust_authority();
  EXPECT_EQ(get(server)->body, "hello");
  EXPECT_EQ(get(server)->body, "hello");
  EXPECT_EQ(server.requests().at(1).connection, 0);
  const std::string named = "https://localhost:" + std::to_string(server.port());
  EXPECT_EQ(send(request_to(named))->body, "hello");
}

TEST_F(TlsClientTest, RefusesAServerOfAnUnknownAuthority) {
  const ScriptedHttpServer server{hello(), server_identity({"127.0.0.1"})};
  const auto response = get(server);
  EXPECT_EQ(response.error().code, ErrorCode::kDenied) << response.error().message;
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(TlsClientTest, RefusesACertificateOfAnotherHost) {
  const ScriptedHttpServer server{hello(), server_identity({"graph.example.com", "127.0.0.2"})};
  trust_authority();
  const std::string named = "https://localhost:" + std::to_string(server.port());
  EXPECT_EQ(get(server).error().code, ErrorCode::kDenied);
  EXPECT_EQ(send(request_to(named)).error().code, ErrorCode::kDenied);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(TlsClientTest, RefusesAnExpiredCertificate) {
  const ScriptedHttpServer server{hello(),
                                  tests::make_identity({.hosts = {"127.0.0.1"},
                                                        .begins = std::chrono::hours{-48},
                                                        .ends = std::chrono::hours{-24},
                                                        .key = tests::KeyKind::kEllipticCurve},
                                                       authority_)};
  trust_authority();
  const auto response = get(server);
  EXPECT_EQ(response.error().code, ErrorCode::kDenied);
  EXPECT_NE(response.error().message.find("expired"), std::string::npos);
}

TEST_F(TlsClientTest, TakesASilentEndForACut) {
  const auto to_the_end = [](bool is_silent) {
    return [is_silent](const RecordedRequest&) {
      return ScriptedAnswer{.octets = "HTTP/1.1 200 OK\r\n\r\nto the end",
                            .closes = true,
                            .ends_silently = is_silent};
    };
  };
  const tests::Identity identity = server_identity({"127.0.0.1"});
  const ScriptedHttpServer polite{to_the_end(false), identity};
  const ScriptedHttpServer silent{to_the_end(true), identity};
  trust_authority();
  EXPECT_EQ(get(polite)->body, "to the end");
  EXPECT_EQ(get(silent).error().code, ErrorCode::kUnavailable);
}

TEST_F(TlsClientTest, RefusesAFileThatHoldsNoAuthorities) {
  const auto file = folder_.path() / "empty.pem";
  tests::write_file(file, "nothing");
  for (const auto& path : {file, folder_.path() / "missing.pem"}) {
    const auto opened = HttpClient::open(io_.get_executor(), trusting(path));
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, ErrorCode::kInvalidInput);
    EXPECT_NE(opened.error().message.find(path.native()), std::string::npos);
  }
}

}  // namespace
}  // namespace directory
