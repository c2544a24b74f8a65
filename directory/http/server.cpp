// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/server.h"

#include "directory/http/connection.h"
#include "directory/http/unix_socket.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <sys/socket.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;  // TCP and Unix sockets alike
using Acceptor = asio::basic_socket_acceptor<Protocol>;

constexpr auto kAcceptPause = std::chrono::milliseconds{100};

// What the connections of one server share.
struct Listener {
  Listener(const Executor& executor, HttpHandler handles, const HttpLimits& bounds)
      : acceptor(executor), pause(executor), handler(std::move(handles)), limits(bounds) {}

  Acceptor acceptor;
  asio::steady_timer pause;
  HttpHandler handler;
  HttpLimits limits;
  int family = 0;
  std::set<std::shared_ptr<Connection>> connections;
};

std::optional<PeerCredentials> peer_of(Protocol::socket& socket) {
  ucred credentials{};
  // NOLINTBEGIN(misc-include-cleaner): sys/socket.h has them from headers that are not to be named.
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  // NOLINTEND(misc-include-cleaner)
  return PeerCredentials{
      .user = credentials.uid, .group = credentials.gid, .process = credentials.pid};
}

Task<void> serve_connection(std::shared_ptr<Listener> listener,
                            std::shared_ptr<Connection> connection) {
  co_await connection->serve();
  listener->connections.erase(connection);
}

void welcome(const std::shared_ptr<Listener>& listener, Protocol::socket socket) {
  if (listener->connections.size() >= listener->limits.connections) {
    return;  // which closes it
  }
  Connection::Settings settings{.family = listener->family,
                                .descriptor = 0,
                                .peer = std::nullopt,
                                .handler = &listener->handler,
                                .limits = listener->limits};
  if (listener->family == AF_UNIX) {
    settings.peer = peer_of(socket);
  }
  error_code error;
  settings.descriptor = socket.release(error);
  if (error) {
    return;
  }
  const Executor executor = socket.get_executor();
  const auto connection = std::make_shared<Connection>(executor, settings);
  listener->connections.insert(connection);
  asio::co_spawn(executor, serve_connection(listener, connection), asio::detached);
}

Task<void> accept_connections(std::shared_ptr<Listener> listener) {
  while (listener->acceptor.is_open()) {
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    Protocol::socket socket = co_await listener->acceptor.async_accept(token);
    if (!error) {
      welcome(listener, std::move(socket));
    } else if (listener->acceptor.is_open()) {
      // Descriptors have run out, say.
      listener->pause.expires_after(kAcceptPause);
      co_await listener->pause.async_wait(token);
    }
  }
}

std::unexpected<policy::Error> listen_failure(const std::string& where, const error_code& error) {
  const bool is_busy = error == asio::error::address_in_use;
  return policy::fail(is_busy ? policy::ErrorCode::kBusy : policy::ErrorCode::kUnavailable,
                      "cannot listen on " + where + ": " + error.message());
}

error_code listen_tcp(Acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  static_cast<void>(acceptor.open(Protocol{endpoint.protocol()}, error));
  if (!error) {
    static_cast<void>(acceptor.set_option(asio::socket_base::reuse_address{true}, error));
  }
  if (!error) {
    static_cast<void>(acceptor.bind(Protocol::endpoint{endpoint}, error));
  }
  if (!error) {
    static_cast<void>(acceptor.listen(asio::socket_base::max_listen_connections, error));
  }
  return error;
}

std::uint16_t port_of(const Acceptor& acceptor) {
  error_code error;
  const Protocol::endpoint local = acceptor.local_endpoint(error);
  tcp::endpoint endpoint;
  if (!error && local.size() <= endpoint.capacity()) {
    endpoint.resize(local.size());
    std::memcpy(endpoint.data(), local.data(), local.size());
  }
  return endpoint.port();
}

}  // namespace

struct HttpServer::State {
  explicit State(std::shared_ptr<Listener> opened) : listener(std::move(opened)) {}

  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;

  ~State() {  // NOLINT(bugprone-exception-escape): only a lack of memory throws here
    error_code ignored;
    static_cast<void>(listener->acceptor.close(ignored));
    listener->pause.cancel();
    for (const auto& connection : listener->connections) {
      connection->close();
    }
  }

  std::shared_ptr<Listener> listener;
  std::optional<UnixListener> unix_name;
  std::uint16_t port = 0;
};

policy::Result<std::unique_ptr<HttpServer>> HttpServer::listen(const Executor& executor,
                                                               const std::string& address,
                                                               std::uint16_t port,
                                                               HttpHandler handler,
                                                               HttpLimits limits) {
  error_code error;
  const auto host = asio::ip::make_address(address, error);
  auto state =
      std::make_shared<State>(std::make_shared<Listener>(executor, std::move(handler), limits));
  if (!error) {
    error = listen_tcp(state->listener->acceptor, tcp::endpoint{host, port});
  }
  state->listener->family = host.is_v6() ? AF_INET6 : AF_INET;
  if (error) {
    return listen_failure(address + " port " + std::to_string(port), error);
  }
  state->port = port_of(state->listener->acceptor);
  asio::co_spawn(executor, accept_connections(state->listener), asio::detached);
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(state)}};
}

policy::Result<std::unique_ptr<HttpServer>> HttpServer::listen_unix(
    const Executor& executor,
    const std::filesystem::path& path,
    const std::string& group,
    HttpHandler handler,
    HttpLimits limits) {
  auto opened = UnixListener::open(path, group);
  if (!opened.has_value()) {
    return std::unexpected{std::move(opened).error()};
  }
  auto state =
      std::make_shared<State>(std::make_shared<Listener>(executor, std::move(handler), limits));
  state->listener->family = AF_UNIX;
  const int descriptor = opened->take_descriptor();
  state->unix_name.emplace(*std::move(opened));
  error_code error;
  static_cast<void>(state->listener->acceptor.assign(Protocol{AF_UNIX, 0}, descriptor, error));
  if (error) {
    return listen_failure(path.string(), error);
  }
  asio::co_spawn(executor, accept_connections(state->listener), asio::detached);
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(state)}};
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return state_->port;
}

}  // namespace directory
