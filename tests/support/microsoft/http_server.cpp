// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/http_server.h"

#include "policy/result.h"
#include "tests/support/microsoft/message.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace tests::microsoft {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr std::size_t kBodyLimit = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kSlowPieces = 20;

Request converted(http::request<http::string_body>&& message, Service service) {
  const std::string_view target{message.target().data(), message.target().size()};
  const std::size_t question = std::min(target.find('?'), target.size());
  Request request{.service = service,
                  .method = std::string{message.method_string()},
                  .path = std::string{target.substr(0, question)},
                  .query = std::string{target.substr(std::min(target.size(), question + 1))},
                  .headers = {},
                  .body = std::move(message.body())};
  for (const auto& field : message) {
    request.headers.emplace_back(field.name_string(), field.value());
  }
  return request;
}

// Everything that goes over the wire.
std::string written(const Response& response, bool keeps_alive) {
  const auto reason = http::obsolete_reason(http::int_to_status(response.status));
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  text += keeps_alive ? "" : "Connection: close\r\n";
  if (response.status != 204) {  // which has no length either (RFC 9110, 8.6)
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  return text + "\r\n" + response.body;
}

// One connection; keeps itself alive while an operation is under way.
template <typename Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(Stream stream, Service service, const HttpServer::Handler& handler)
      : stream_(std::move(stream)),
        pause_(stream_.get_executor()),
        service_(service),
        handler_(&handler) {}

  void begin() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_handshake(TlsStream::server,
                              [self = this->shared_from_this()](error_code error) {
                                if (!error) {
                                  self->read();
                                }
                              });
    } else {
      read();
    }
  }

 private:
  void read() {
    parser_.emplace();
    parser_->body_limit(kBodyLimit);
    http::async_read(stream_,
                     buffer_,
                     *parser_,
                     [self = this->shared_from_this()](error_code error, std::size_t) {
                       if (!error) {
                         self->answer();
                       }
                     });
  }

  void answer() {
    keeps_alive_ = parser_->get().keep_alive();
    const Response response = (*handler_)(converted(parser_->release(), service_));
    if (response.delivery == Delivery::kResetBefore) {
      reset();
      return;
    }
    text_ = written(response, keeps_alive_);
    const std::size_t body = response.body.size();
    delivery_ = response.delivery;
    pause_time_ = response.pause;
    // What goes out first: all, or the head with a part of the body.
    sent_ = 0;
    piece_ = text_.size();
    if (delivery_ == Delivery::kResetInBody) {
      piece_ = text_.size() - body + body / 2;
    } else if (delivery_ == Delivery::kSlow) {
      piece_ = std::max<std::size_t>(1, text_.size() / kSlowPieces);
    }
    if (delivery_ == Delivery::kLate) {
      write_after_pause();
    } else {
      write();
    }
  }

  void write() {
    const std::size_t size = std::min(piece_, text_.size() - sent_);
    asio::async_write(stream_,
                      asio::buffer(text_.data() + sent_, size),
                      [self = this->shared_from_this()](error_code error, std::size_t count) {
                        self->sent_ += count;
                        if (!error) {
                          self->go_on();
                        }
                      });
  }

  void write_after_pause() {
    pause_.expires_after(pause_time_);
    pause_.async_wait([self = this->shared_from_this()](error_code error) {
      if (!error) {
        self->write();
      }
    });
  }

  void go_on() {
    if (delivery_ == Delivery::kResetInBody) {
      reset();
    } else if (sent_ < text_.size()) {
      write_after_pause();
    } else if (keeps_alive_) {
      read();
    } else {
      error_code ignored;
      static_cast<void>(socket().shutdown(tcp::socket::shutdown_send, ignored));
    }
  }

  [[nodiscard]] tcp::socket& socket() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void reset() {
    error_code ignored;
    static_cast<void>(socket().set_option(asio::socket_base::linger{true, 0}, ignored));
    static_cast<void>(socket().close(ignored));
  }

  Stream stream_;
  asio::steady_timer pause_;
  Service service_;
  const HttpServer::Handler* handler_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string text_;
  std::size_t sent_ = 0;
  std::size_t piece_ = 0;
  Delivery delivery_ = Delivery::kWhole;
  std::chrono::milliseconds pause_time_{0};
  bool keeps_alive_ = false;
};

}  // namespace

struct HttpServer::State {
  void accept(Service service) {
    acceptor(service).async_accept([this, service](error_code error, tcp::socket socket) {
      if (error) {
        return;
      }
      static_cast<void>(socket.set_option(tcp::no_delay{true}, error));
      if (tls.has_value()) {
        std::make_shared<Connection<TlsStream>>(
            TlsStream{std::move(socket), *tls}, service, handler)
            ->begin();
      } else {
        std::make_shared<Connection<tcp::socket>>(std::move(socket), service, handler)->begin();
      }
      accept(service);
    });
  }

  [[nodiscard]] tcp::acceptor& acceptor(Service service) {
    return acceptors[static_cast<std::size_t>(service)];
  }

  Handler handler;
  std::optional<asio::ssl::context> tls;
  asio::io_context io{1};
  std::array<tcp::acceptor, 3> acceptors{tcp::acceptor{io}, tcp::acceptor{io}, tcp::acceptor{io}};
  std::thread thread;
};

policy::Result<std::unique_ptr<HttpServer>> HttpServer::listen(const Settings& settings) {
  auto state = std::make_unique<State>();
  try {
    if (!settings.certificate.empty()) {
      state->tls.emplace(asio::ssl::context::tls_server);
      state->tls->use_certificate_chain_file(settings.certificate.string());
      state->tls->use_private_key_file(settings.key.string(), asio::ssl::context::pem);
    }
  } catch (const boost::system::system_error& failure) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        std::string{"cannot use the certificate and its key: "} + failure.what());
  }
  try {
    for (std::size_t i = 0; i < state->acceptors.size(); ++i) {
      tcp::acceptor& acceptor = state->acceptors[i];
      const tcp::endpoint endpoint{asio::ip::address_v4::loopback(), settings.ports[i]};
      acceptor.open(endpoint.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address{true});
      acceptor.bind(endpoint);
      acceptor.listen();
    }
  } catch (const boost::system::system_error& failure) {
    return policy::fail(policy::ErrorCode::kBusy,
                        std::string{"cannot listen on loopback: "} + failure.what());
  }
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(state)}};
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() {
  state_->io.stop();
  if (state_->thread.joinable()) {
    state_->thread.join();
  }
}

std::uint16_t HttpServer::port(Service service) const {
  return state_->acceptor(service).local_endpoint().port();
}

void HttpServer::run(Handler handler) {
  state_->handler = std::move(handler);
  for (const Service service : {Service::kLogin, Service::kGraph, Service::kExchange}) {
    state_->accept(service);
  }
  State* running = state_.get();
  state_->thread = std::thread{[running] { running->io.run(); }};
}

}  // namespace tests::microsoft
