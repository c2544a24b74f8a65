// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/connection.h"

#include "directory/http/server.h"
#include "directory/task.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
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
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Protocol = asio::generic::stream_protocol;  // TCP and Unix sockets alike
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::size_t kReadOctets = std::size_t{64} * 1024;
// What is read and thrown away so that a client that still sends sees why it is refused.
constexpr std::size_t kMostDrained = std::size_t{16} * 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// A socket and its time limit.
struct Wire : public std::enable_shared_from_this<Wire> {
  Wire(Protocol::socket accepted, std::size_t buffer_octets)
      : socket(std::move(accepted)), timer(socket.get_executor()), buffer(buffer_octets) {}

  // Cancels what the socket is doing when the time is over.
  void allow(std::chrono::milliseconds time) {
    is_late = false;
    timer.expires_after(time);
    timer.async_wait([weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      // An old wait that had ended already when the limit was set anew does not count.
      if (self != nullptr && !error && self->timer.expiry() <= Clock::now()) {
        self->is_late = true;
        static_cast<void>(self->socket.cancel(error));
      }
    });
  }

  void allow_any_time() { timer.expires_at(Clock::time_point::max()); }

  void close() {
    error_code ignored;
    timer.expires_at(Clock::time_point::max());
    static_cast<void>(socket.close(ignored));
  }

  Protocol::socket socket;
  asio::steady_timer timer;
  boost::beast::flat_buffer buffer;
  bool is_late = false;
};

// RFC 9110, 5.6.7
std::string http_date() {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr int kFirstYear = 1900;
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  static_cast<void>(::gmtime_r(&now, &parts));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays.at(static_cast<std::size_t>(parts.tm_wday)),
                     parts.tm_mday,
                     kMonths.at(static_cast<std::size_t>(parts.tm_mon)),
                     parts.tm_year + kFirstYear,
                     parts.tm_hour,
                     parts.tm_min,
                     parts.tm_sec);
}

ServedResponse plain_response(http::status status, std::string_view text) {
  return {.status = static_cast<unsigned>(status),
          .headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::string{text} + '\n',
          .stream = nullptr};
}

// What a client is told whose request could not be read; nothing if it has gone or said nothing.
std::optional<ServedResponse> refusal(const error_code& error, bool is_late, bool is_begun) {
  if (is_late) {
    return is_begun ? std::optional{plain_response(http::status::request_timeout,
                                                   "the request took too long")}
                    : std::nullopt;
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return plain_response(http::status::request_header_fields_too_large,
                          "the header of the request is too large");
  }
  if (error == http::error::body_limit) {
    return plain_response(http::status::payload_too_large, "the body of the request is too large");
  }
  const bool is_gone = error == http::error::end_of_stream || error == http::error::partial_message;
  if (is_gone || error.category() != http::make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  return plain_response(http::status::bad_request, "this is no HTTP/1.1 request");
}

bool is_well_formed(const Parser::value_type& request) {
  constexpr unsigned kVersion11 = 11;
  const std::size_t hosts = request.count(http::field::host);
  return request.target().starts_with('/') &&
         (hosts == 1 || (hosts == 0 && request.version() < kVersion11));
}

ServedRequest served_request(Parser::value_type& request) {
  ServedRequest served;
  served.method = std::string{request.method_string()};
  const std::string_view target{request.target().data(), request.target().size()};
  const std::size_t question = std::min(target.find('?'), target.size());
  served.path = target.substr(0, question);
  served.query = target.substr(std::min(question + 1, target.size()));
  for (const auto& field : request) {
    served.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  }
  served.body = std::move(request.body());
  return served;
}

Response make_response(ServedResponse served, bool is_head, bool is_kept) {
  constexpr unsigned kVersion11 = 11;
  Response response{static_cast<http::status>(served.status), kVersion11};
  for (const auto& [name, value] : served.headers) {
    response.insert(name, value);
  }
  response.set(http::field::date, http_date());
  response.keep_alive(is_kept);
  response.body() = std::move(served.body);
  response.prepare_payload();
  if (is_head) {
    response.body().clear();
  }
  return response;
}

Task<error_code> read_request(Wire& wire, Parser& parser) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await http::async_read_header(wire.socket, wire.buffer, parser, token);
  if (error) {
    co_return error;
  }
  if (boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    const auto line = asio::buffer(kContinue);
    co_await asio::async_write(wire.socket, line, token);
  }
  if (!error) {
    co_await http::async_read(wire.socket, wire.buffer, parser, token);
  }
  co_return error;
}

Task<ServedResponse> call_handler(const HttpHandler& handler, ServedRequest request) {
  bool is_answered = true;
  ServedResponse response;
  try {
    response = co_await handler(std::move(request));
  } catch (...) {
    // Whatever it was is the handler's own affair; the client learns that it failed.
    is_answered = false;
  }
  if (!is_answered) {
    response = plain_response(http::status::internal_server_error, "internal error");
  }
  co_return response;
}

Task<bool> write_response(Wire& wire, Response& response) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await http::async_write(wire.socket, response, token);
  co_return !error && response.keep_alive();
}

// Says why nothing more is read, and reads on for a while without looking: closing a socket with
// unread octets would take the answer away from the client.
Task<void> refuse(Wire& wire, std::chrono::milliseconds time, ServedResponse served) {
  Response response = make_response(std::move(served), false, false);
  wire.allow(time);
  static_cast<void>(co_await write_response(wire, response));
  error_code error;
  static_cast<void>(wire.socket.shutdown(asio::socket_base::shutdown_send, error));
  auto token = asio::redirect_error(asio::use_awaitable, error);
  std::array<char, kReadOctets / 4> octets{};
  const auto anything = asio::buffer(octets);
  for (std::size_t drained = 0; !error && drained < kMostDrained;) {
    drained += co_await wire.socket.async_read_some(anything, token);
  }
}

}  // namespace

struct Connection::State : public Wire {
  State(Protocol::socket accepted, const Settings& given)
      : Wire(std::move(accepted), given.limits.header_octets + kReadOctets), settings(given) {}

  // Reads a request and answers it; false if the connection is to be closed.
  Task<bool> serve_request();

  Settings settings;
};

Task<bool> Connection::State::serve_request() {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(settings.limits.header_octets));
  parser.body_limit(settings.limits.body_octets);
  allow(settings.limits.idle);
  const error_code error = co_await read_request(*this, parser);
  std::optional<ServedResponse> refused;
  if (error) {
    refused = refusal(error, is_late, parser.got_some());
  } else if (!is_well_formed(parser.get())) {
    refused = plain_response(http::status::bad_request,
                             "the request needs a path and, in HTTP/1.1, one Host");
  }
  const bool is_refused = refused.has_value();
  if (is_refused) {
    co_await refuse(*this, settings.limits.idle, *std::move(refused));
  }
  if (error || is_refused) {
    co_return false;
  }
  allow_any_time();
  const bool is_head = parser.get().method() == http::verb::head;
  const bool is_kept = parser.keep_alive();
  ServedRequest request = served_request(parser.get());
  request.peer = settings.peer;
  ServedResponse served = co_await call_handler(*settings.handler, std::move(request));
  Response response = make_response(std::move(served), is_head, is_kept);
  allow(settings.limits.idle);
  co_return co_await write_response(*this, response);
}

Connection::Connection(const Executor& executor, const Settings& settings)
    : state_(std::make_shared<State>(
          Protocol::socket{executor, Protocol{settings.family, 0}, settings.descriptor},
          settings)) {}

Connection::~Connection() = default;

Task<void> Connection::serve() {
  bool is_kept = true;
  while (is_kept && state_->socket.is_open()) {
    is_kept = co_await state_->serve_request();
  }
  close();
}

void Connection::close() {
  state_->close();
}

}  // namespace directory
