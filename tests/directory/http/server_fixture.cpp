// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/http/server_fixture.h"

#include "directory/http/server.h"
#include "directory/http/tls_files.h"
#include "directory/task.h"

#include <boost/asio/post.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace directory {

namespace {

// More than a connection needs from its socket's end to its own.
constexpr int kTurns = 16;

}  // namespace

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

ServerFixture::~ServerFixture() {
  stop();
}

void ServerFixture::run() {
  thread_ = std::thread{[this] { io_.run(); }};
}

void ServerFixture::stop() {
  if (thread_.joinable()) {
    // What is ending already ends here: of handlers that a loop destroys with itself, the address
    // sanitizer of g++ 12 takes the stack for that of a function that has returned.
    for (int i = 0; i < kTurns; ++i) {
      on_loop([] {});
    }
    io_.stop();
    thread_.join();
  }
}

void ServerFixture::on_loop(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

std::string ServerFixture::serve(HttpHandler handler,
                                 HttpLimits limits,
                                 std::optional<TlsFiles> tls) {
  const TcpAddress address{.host = "127.0.0.1", .port = 0, .tls = std::move(tls)};
  server_ = HttpServer::listen(io_.get_executor(), address, std::move(handler), limits).value();
  run();
  return "inet:" + std::to_string(server_->port()) + "@127.0.0.1";
}

bool becomes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

}  // namespace directory
