// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/server.h"

#include "directory/http/connection.h"
#include "directory/http/connection_table.h"
#include "directory/http/descriptor_limit.h"
#include "directory/http/tls_context.h"
#include "directory/http/tls_files.h"
#include "directory/http/unix_socket.h"
#include "directory/http/wire.h"
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

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <netinet/tcp.h>
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
      : acceptor(executor),
        pause(executor),
        handler(std::move(handles)),
        limits(bounds),
        connections(bounds.connections, bounds.streams) {}

  Acceptor acceptor;
  asio::steady_timer pause;
  HttpHandler handler;
  HttpLimits limits;
  int family = 0;
  std::shared_ptr<TlsContext> tls;  // of the connections to come
  ConnectionTable connections;
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

// The address alone: who asks is the same through IPv4 and through IPv4 mapped into IPv6.
std::string address_text(asio::ip::address address) {
  if (address.is_v6()) {
    asio::ip::address_v6 six = address.to_v6();
    six.scope_id(0);
    address = six;
    if (six.is_v4_mapped()) {
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, six);
    }
  }
  return address.to_string();
}

tcp::endpoint tcp_endpoint(const Protocol::endpoint& generic) {
  tcp::endpoint endpoint;
  if (generic.size() <= endpoint.capacity()) {
    endpoint.resize(generic.size());
    std::memcpy(endpoint.data(), generic.data(), generic.size());
  }
  return endpoint;
}

// Small pieces go out at once, and a client that is gone without a word is noticed in two minutes.
// Where an option is not taken this is slower, nothing else.
void tune(Protocol::socket& socket) {
  struct Option {
    int name;
    int value;  // seconds, or how often
  };

  constexpr std::array<Option, 3> kOptions{{{.name = TCP_KEEPIDLE, .value = 60},
                                            {.name = TCP_KEEPINTVL, .value = 15},
                                            {.name = TCP_KEEPCNT, .value = 4}}};
  error_code ignored;
  static_cast<void>(socket.set_option(tcp::no_delay{true}, ignored));
  static_cast<void>(socket.set_option(asio::socket_base::keep_alive{true}, ignored));
  for (const auto& [name, value] : kOptions) {
    static_cast<void>(
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, name, &value, sizeof value));
  }
}

Task<void> serve_connection(std::shared_ptr<Listener> listener,
                            std::shared_ptr<Connection> connection) {
  co_await connection->serve();
  listener->connections.erase(*connection);
}

void welcome(const std::shared_ptr<Listener>& listener, Protocol::socket socket) {
  if (!listener->connections.make_room()) {
    return;  // which closes it
  }
  Connection::Settings settings;
  settings.limits = listener->limits;
  settings.handler = &listener->handler;
  settings.table = &listener->connections;
  error_code error;
  if (listener->family == AF_UNIX) {
    settings.peer = peer_of(socket);
  } else {
    settings.client_address = address_text(tcp_endpoint(socket.remote_endpoint(error)).address());
    tune(socket);
  }
  const Executor executor = socket.get_executor();
  settings.wire = {.family = listener->family, .descriptor = -1, .tls = listener->tls};
  if (!error) {
    settings.wire.descriptor = socket.release(error);
  }
  if (error) {
    return;  // it has gone already
  }
  const auto connection = std::make_shared<Connection>(executor, std::move(settings));
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
      continue;
    }
    const bool has_no_descriptor = error == asio::error::no_descriptors ||
                                   error == boost::system::errc::too_many_files_open_in_system;
    const bool has_made_room = has_no_descriptor && listener->connections.close_longest_waiting();
    if (!has_made_room && listener->acceptor.is_open()) {
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
  return error ? std::uint16_t{0} : tcp_endpoint(local).port();
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
    listener->connections.close_all();
  }

  std::shared_ptr<Listener> listener;
  std::optional<UnixListener> unix_name;
  std::optional<TlsFiles> tls_files;
  std::uint16_t port = 0;
};

policy::Result<std::unique_ptr<HttpServer>> HttpServer::listen(const Executor& executor,
                                                               const TcpAddress& address,
                                                               HttpHandler handler,
                                                               HttpLimits limits) {
  error_code error;
  const auto host = asio::ip::make_address(address.host, error);
  auto state =
      std::make_shared<State>(std::make_shared<Listener>(executor, std::move(handler), limits));
  if (const std::optional<TlsFiles>& files = address.tls; files.has_value()) {
    auto loaded = TlsContext::load(*files);
    if (!loaded.has_value()) {
      return std::unexpected{std::move(loaded).error()};
    }
    state->listener->tls = *std::move(loaded);
    state->tls_files = files;
  }
  if (!error) {
    error = listen_tcp(state->listener->acceptor, tcp::endpoint{host, address.port});
  }
  state->listener->family = host.is_v6() ? AF_INET6 : AF_INET;
  if (error) {
    return listen_failure(address.host + " port " + std::to_string(address.port), error);
  }
  state->port = port_of(state->listener->acceptor);
  raise_descriptor_limit(limits.connections + limits.streams);
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
  raise_descriptor_limit(limits.connections + limits.streams);
  asio::co_spawn(executor, accept_connections(state->listener), asio::detached);
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(state)}};
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return state_->port;
}

std::optional<CertificateFacts> HttpServer::certificate() const {
  const auto& tls = state_->listener->tls;
  return tls == nullptr ? std::nullopt : std::optional{tls->certificate()};
}

policy::Result<CertificateFacts> HttpServer::reload_certificate() {
  const std::optional<TlsFiles>& files = state_->tls_files;
  if (!files.has_value()) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "this server speaks no TLS");
  }
  auto loaded = TlsContext::load(*files);
  if (!loaded.has_value()) {
    return std::unexpected{std::move(loaded).error()};
  }
  state_->listener->tls = *std::move(loaded);
  return state_->listener->tls->certificate();
}

}  // namespace directory
