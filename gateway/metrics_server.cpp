// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics_server.h"

#include "policy/config/socket_address.h"
#include "policy/result.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <unistd.h>

namespace gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kRequestTime = std::chrono::seconds{10};
constexpr auto kAcceptPause = std::chrono::milliseconds{100};
constexpr std::size_t kMostConnections = 64;

using Response = http::response<http::string_body>;

Response respond(const http::request<http::empty_body>& request, const MetricsPages& pages) {
  Response response{http::status::ok, request.version()};
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.set(http::field::cache_control, "no-store");
  response.keep_alive(request.keep_alive());
  const bool is_read = request.method() == http::verb::get || request.method() == http::verb::head;
  const std::string_view target{request.target().data(), request.target().size()};
  constexpr unsigned kVersion11 = 11;
  if (request.version() == kVersion11 && request.count(http::field::host) != 1) {
    response.result(http::status::bad_request);
    response.keep_alive(false);
    response.body() = "name one Host\n";
  } else if (!is_read) {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "GET, HEAD");
    response.body() = "use GET\n";
  } else if (target == "/metrics") {
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.body() = pages.metrics();
  } else if (target == "/healthz") {
    response.body() = "ok\n";
  } else if (target == "/readyz") {
    const std::string why_not = pages.why_not_ready();
    response.result(why_not.empty() ? http::status::ok : http::status::service_unavailable);
    response.body() = why_not.empty() ? "ready\n" : why_not + '\n';
  } else {
    response.result(http::status::not_found);
    response.body() = "there are /metrics, /healthz and /readyz\n";
  }
  response.prepare_payload();
  if (request.method() == http::verb::head) {
    response.body().clear();
  }
  return response;
}

class Connection;

// Those that are open, the one that has waited longest for its client first.
using Connections = std::list<Connection*>;

// One connection; keeps itself alive while an operation is under way.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const MetricsPages& pages, Connections& connections)
      : stream_(std::move(socket)),
        pages_(pages),
        connections_(connections),
        place_(connections.insert(connections.end(), this)) {}

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;

  ~Connection() { connections_.erase(place_); }

  // Ends what is under way; the connection is gone soon after.
  void make_room() {
    connections_.splice(connections_.end(), connections_, place_);
    stream_.close();
  }

  void read() {
    connections_.splice(connections_.end(), connections_, place_);
    parser_.emplace();
    parser_->body_limit(0);
    stream_.expires_after(kRequestTime);
    http::async_read(
        stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
          if (!error) {
            self->write(respond(self->parser_->get(), self->pages_));
          }
        });
  }

 private:
  void write(Response response) {
    response_ = std::move(response);
    stream_.expires_after(kRequestTime);
    http::async_write(
        stream_, response_, [self = shared_from_this()](error_code error, std::size_t) {
          if (!error && self->response_.keep_alive()) {
            self->read();
          }
        });
  }

  beast::tcp_stream stream_;
  const MetricsPages& pages_;
  Connections& connections_;
  Connections::iterator place_;
  beast::flat_buffer buffer_{std::size_t{8} * 1024};
  std::optional<http::request_parser<http::empty_body>> parser_;
  Response response_;
};

}  // namespace

struct MetricsServer::Server {
  explicit Server(MetricsPages served) : pages(std::move(served)), acceptor(io), pause(io) {}

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) {
        return;
      }
      if (error) {
        accept_later();
        return;
      }
      serve(std::move(socket));
      accept();
    });
  }

  void serve(tcp::socket socket) {
    // Whoever comes is more likely to want something than who has been silent for longest.
    if (connections.size() >= kMostConnections) {
      connections.front()->make_room();
    }
    std::make_shared<Connection>(std::move(socket), pages, connections)->read();
  }

  // Out of descriptors, most likely: trying again at once would burn a core.
  void accept_later() {
    pause.expires_after(kAcceptPause);
    pause.async_wait([this](error_code cancelled) {
      if (!cancelled) {
        accept();
      }
    });
  }

  MetricsPages pages;
  Connections connections;  // of the server's thread; outlives those that `io` still holds
  asio::io_context io{1};
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::thread thread;
};

namespace {

// Whether the acceptor has taken a socket that listens there; one that does not is closed.
bool take_over(tcp::acceptor& acceptor, int inherited, const tcp::endpoint& endpoint) {
  if (inherited < 0) {
    return false;
  }
  error_code error;
  static_cast<void>(acceptor.assign(endpoint.protocol(), inherited, error));
  if (error) {
    ::close(inherited);
    return false;
  }
  if (acceptor.local_endpoint(error) == endpoint && !error) {
    return true;
  }
  static_cast<void>(acceptor.close(error));
  return false;
}

}  // namespace

policy::Result<std::unique_ptr<MetricsServer>> MetricsServer::start(
    const policy::SocketAddress& address, MetricsPages pages, int inherited) {
  auto server = std::make_unique<Server>(std::move(pages));
  error_code error;
  const tcp::endpoint endpoint{asio::ip::make_address(address.host, error), address.port};
  const auto step = [&](auto operation) {
    if (!error) {
      operation();
    }
  };
  tcp::acceptor& acceptor = server->acceptor;
  if (!take_over(acceptor, inherited, endpoint)) {
    // What they return is `error` again.
    step([&] { static_cast<void>(acceptor.open(endpoint.protocol(), error)); });
    step(
        [&] { static_cast<void>(acceptor.set_option(tcp::acceptor::reuse_address{true}, error)); });
    step([&] { static_cast<void>(acceptor.bind(endpoint, error)); });
    step([&] {
      static_cast<void>(acceptor.listen(asio::socket_base::max_listen_connections, error));
    });
  }
  if (error) {
    const bool is_busy = error == asio::error::address_in_use;
    return policy::fail(is_busy ? policy::ErrorCode::kBusy : policy::ErrorCode::kUnavailable,
                        "cannot serve metrics on " + address.host + ":" +
                            std::to_string(address.port) + ": " + error.message());
  }
  server->accept();
  Server* running = server.get();
  server->thread = std::thread{[running] { running->io.run(); }};
  return std::unique_ptr<MetricsServer>{new MetricsServer{std::move(server)}};
}

MetricsServer::MetricsServer(std::unique_ptr<Server> server) : server_(std::move(server)) {}

int MetricsServer::descriptor() const {
  return server_->acceptor.native_handle();
}

MetricsServer::~MetricsServer() {
  server_->io.stop();
  server_->thread.join();
}

}  // namespace gateway
