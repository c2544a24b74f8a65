// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/client.h"

#include "directory/http/connection_pool.h"
#include "directory/http/name_lookup.h"
#include "directory/http/request_text.h"
#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/prov_ssl.h>
#include <openssl/ssl.h>
#include <openssl/tls1.h>
#include <openssl/types.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/socket.h>

namespace directory {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using policy::ErrorCode;
using policy::fail;
using policy::Result;
using ResponseParser = http::response_parser<http::string_body>;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadOctets = std::size_t{32} * 1024;
constexpr std::uint32_t kHeaderOctets = std::uint32_t{64} * 1024;
// A header is held whole until it ends; a body leaves the buffer as it arrives.
constexpr std::size_t kBufferOctets = kHeaderOctets + (std::size_t{2} * kReadOctets);

// What a failed request says, and whether the server can have acted on it.
struct Failure {
  policy::Error error;
  bool is_answered = false;  // some of a response had arrived
};

template <typename T>
using Outcome = std::expected<T, Failure>;

bool is_same_name(std::string_view a, std::string_view b) {
  return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

Failure describe(const Origin& origin, std::string_view doing, const error_code& error) {
  if (error == beast::error::timeout) {
    return {.error = {.code = ErrorCode::kUnavailable,
                      .message = fmt::format("{}: the time is over ({})", text_of(origin), doing)}};
  }
  return {.error = {.code = ErrorCode::kUnavailable,
                    .message =
                        fmt::format("{}: cannot {}: {}", text_of(origin), doing, error.message())}};
}

Failure name_failure(const Origin& origin, policy::Error cause) {
  return {.error = policy::fail(text_of(origin), std::move(cause)).error()};
}

// One connection to an origin, with or without TLS.
class Connection {
 public:
  Connection(const Executor& executor, Origin origin)
      : origin_(std::move(origin)), tcp_(executor), buffer_(kBufferOctets) {}

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection() = default;

  void set_deadline(Clock::time_point deadline) { tcp_.expires_at(deadline); }

  // Whether nothing has arrived since the last response: no end, no alert, no stray octet.
  [[nodiscard]] bool is_quiet() {
    char octet = 0;
    const auto peeked = ::recv(tcp_.socket().native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return peeked < 0 && errno == EAGAIN;
  }

  // Tries one address after the other; each gets its share of the time, so that one that swallows
  // packets leaves some to the next.
  Task<Outcome<void>> connect(std::vector<std::string> addresses, Clock::time_point deadline) {
    error_code last = asio::error::host_not_found;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      const auto left = deadline - Clock::now();
      tcp_.expires_after(left / static_cast<Clock::rep>(addresses.size() - i));
      const tcp::endpoint endpoint(asio::ip::make_address(addresses[i]), origin_.port);
      const auto [error] = co_await tcp_.async_connect(endpoint, kToken);
      if (!error) {
        tcp_.expires_at(deadline);
        error_code ignored;  // without it the exchange is slower, nothing else
        static_cast<void>(tcp_.socket().set_option(tcp::no_delay{true}, ignored));
        co_return Outcome<void>();
      }
      last = error;
    }
    co_return std::unexpected{describe(origin_, "connect", last)};
  }

  Task<Outcome<void>> start_tls(asio::ssl::context& context) {
    tls_.emplace(tcp_, context);
    if (!expect_host(tls_->native_handle())) {
      co_return std::unexpected{describe(origin_, "set up TLS", asio::error::no_memory)};
    }
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kToken);
    if (!error) {
      co_return Outcome<void>();
    }
    const long verified = ::SSL_get_verify_result(tls_->native_handle());
    if (verified == X509_V_OK) {
      co_return std::unexpected{describe(origin_, "agree on TLS", error)};
    }
    co_return std::unexpected{refuse_certificate(verified)};
  }

  Task<Outcome<void>> write(std::string_view octets) {
    const auto buffer = asio::buffer(octets.data(), octets.size());
    error_code failure;
    if (tls_.has_value()) {
      const auto [error, count] = co_await asio::async_write(*tls_, buffer, kToken);
      failure = error;
    } else {
      const auto [error, count] = co_await asio::async_write(tcp_, buffer, kToken);
      failure = error;
    }
    if (failure) {
      co_return std::unexpected{describe(origin_, "send", failure)};
    }
    co_return Outcome<void>();
  }

  // Reads until the parser has a whole response.
  Task<Outcome<void>> read(ResponseParser& parser) {
    bool is_answered = buffer_.size() > 0;
    error_code refused = feed(parser);
    while (!refused && !parser.is_done()) {
      error_code error = co_await read_some();
      is_answered = is_answered || !error;
      if (error == asio::error::eof && is_answered) {
        parser.put_eof(error);  // an error unless the end is where the response may end
      }
      if (error) {
        auto failure = describe_cut(error, is_answered);
        co_return std::unexpected{std::move(failure)};
      }
      refused = feed(parser);
    }
    if (refused) {
      co_return std::unexpected{describe_parse(refused)};
    }
    co_return Outcome<void>();
  }

  [[nodiscard]] bool has_leftover() const { return buffer_.size() > 0; }

 private:
  // Gives the parser what has arrived.
  error_code feed(ResponseParser& parser) {
    error_code error;
    if (buffer_.size() > 0) {
      buffer_.consume(parser.put(buffer_.data(), error));
    }
    return error == http::error::need_more ? error_code{} : error;
  }

  Task<error_code> read_some() {
    const auto space = buffer_.prepare(kReadOctets);
    error_code failure;
    std::size_t arrived = 0;
    if (tls_.has_value()) {
      const auto [error, count] = co_await tls_->async_read_some(space, kToken);
      failure = error;
      arrived = count;
    } else {
      const auto [error, count] = co_await tcp_.async_read_some(space, kToken);
      failure = error;
      arrived = count;
    }
    buffer_.commit(arrived);
    co_return failure;
  }

  // Tells the server which host is meant, and OpenSSL which one its certificate must name.
  [[nodiscard]] bool expect_host(SSL* tls) const {
    error_code error;
    asio::ip::make_address(origin_.host, error);
    if (!error) {
      return ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(tls), origin_.host.c_str()) == 1;
    }
    ::SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // What the macro SSL_set_tlsext_host_name does, with a cast that says what it casts.
    return ::SSL_set1_host(tls, origin_.host.c_str()) == 1 &&
           ::SSL_ctrl(tls,
                      SSL_CTRL_SET_TLSEXT_HOSTNAME,
                      TLSEXT_NAMETYPE_host_name,
                      const_cast<char*>(origin_.host.c_str())) == 1;
  }

  [[nodiscard]] Failure refuse_certificate(long verified) const {
    return {
        .error = {.code = ErrorCode::kDenied,
                  .message = fmt::format(
                      "{}: its certificate does not verify: {}; if somebody between here and there "
                      "opens TLS, name the file of their authority as `ca` of the cloud",
                      text_of(origin_),
                      ::X509_verify_cert_error_string(verified))}};
  }

  [[nodiscard]] Failure describe_parse(const error_code& error) const {
    if (error == http::error::body_limit) {
      return {.error = {.code = ErrorCode::kInvalidInput,
                        .message = text_of(origin_) + ": the response is over the limit"},
              .is_answered = true};
    }
    return {.error = {.code = ErrorCode::kUnavailable,
                      .message = fmt::format(
                          "{}: the response is no HTTP: {}", text_of(origin_), error.message())},
            .is_answered = true};
  }

  [[nodiscard]] Failure describe_cut(const error_code& error, bool is_answered) const {
    const bool is_end = error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
                        error == http::error::partial_message;
    if (!is_end) {
      Failure failure = describe(origin_, "read the response", error);
      failure.is_answered = is_answered;
      return failure;
    }
    return {.error = {.code = ErrorCode::kUnavailable,
                      .message = text_of(origin_) + (is_answered ? ": the response is cut short"
                                                                 : ": closed without a response")},
            .is_answered = is_answered};
  }

  Origin origin_;
  beast::tcp_stream tcp_;
  std::optional<asio::ssl::stream<beast::tcp_stream&>> tls_;
  beast::flat_buffer buffer_;
};

HttpResponse response_of(ResponseParser& parser) {
  auto message = parser.release();
  HttpResponse response;
  response.status = message.result_int();
  for (const auto& field : message) {
    response.headers.emplace_back(field.name_string(), field.value());
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

struct HttpClient::State {
  State(Executor on, Settings chosen)
      : executor(std::move(on)),
        settings(std::move(chosen)),
        tls(asio::ssl::context::tls_client),
        pool(settings.idle_connections, settings.idle_time) {}

  // The connection goes back to the pool if the response leaves it usable.
  Task<Outcome<HttpResponse>> exchange(std::unique_ptr<Connection> connection,
                                       const HttpRequest& request,
                                       std::string_view octets);

  Task<Outcome<std::unique_ptr<Connection>>> connect(Origin origin, Clock::time_point deadline);

  Executor executor;
  Settings settings;
  asio::ssl::context tls;
  ConnectionPool<Connection> pool;
};

Task<Outcome<HttpResponse>> HttpClient::State::exchange(std::unique_ptr<Connection> connection,
                                                        const HttpRequest& request,
                                                        std::string_view octets) {
  const auto written = co_await connection->write(octets);
  if (!written.has_value()) {
    co_return std::unexpected{written.error()};
  }
  std::optional<ResponseParser> parser;
  do {  // interim responses (1xx) announce the one that counts
    parser.emplace();
    parser->eager(true);
    parser->header_limit(kHeaderOctets);
    parser->body_limit(request.body_limit);
    parser->skip(request.method == "HEAD");
    const auto read = co_await connection->read(*parser);
    if (!read.has_value()) {
      co_return std::unexpected{read.error()};
    }
  } while (http::to_status_class(parser->get().result_int()) == http::status_class::informational);
  if (parser->keep_alive() && !connection->has_leftover()) {
    pool.keep(text_of(request.url.origin()), std::move(connection));
  }
  co_return response_of(*parser);
}

Task<Outcome<std::unique_ptr<Connection>>> HttpClient::State::connect(Origin origin,
                                                                      Clock::time_point deadline) {
  auto addresses = co_await look_up_host(executor, origin.host, deadline);
  if (!addresses.has_value()) {
    co_return std::unexpected{name_failure(origin, std::move(addresses).error())};
  }
  auto connection = std::make_unique<Connection>(executor, origin);
  auto connected = co_await connection->connect(*std::move(addresses), deadline);
  if (connected.has_value() && origin.scheme == "https") {
    connected = co_await connection->start_tls(tls);
  }
  if (!connected.has_value()) {
    co_return std::unexpected{std::move(connected).error()};
  }
  co_return std::move(connection);
}

std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [&](const auto& header) { return is_same_name(header.first, name); });
  if (found == headers.end()) {
    return std::nullopt;
  }
  return found->second;
}

Result<std::unique_ptr<HttpClient>> HttpClient::open(const Executor& executor, Settings settings) {
  auto state = std::make_unique<State>(executor, std::move(settings));
  asio::ssl::context& tls = state->tls;
  error_code error;
  if (state->settings.authorities.empty()) {
    static_cast<void>(tls.set_default_verify_paths(error));
  } else {
    static_cast<void>(tls.load_verify_file(state->settings.authorities.native(), error));
  }
  if (error) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("cannot read the authorities in {}: {}; give a PEM file of "
                            "certificates",
                            state->settings.authorities.native(),
                            error.message()));
  }
  static_cast<void>(tls.set_verify_mode(asio::ssl::verify_peer, error));
  if (error || SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION) != 1) {
    return fail(ErrorCode::kUnavailable, "cannot set up TLS");
  }
  return std::unique_ptr<HttpClient>{new HttpClient{std::move(state)}};
}

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpClient::~HttpClient() = default;

Task<Result<HttpResponse>> HttpClient::send(HttpRequest request) {
  const auto octets = encode_request(request, state_->settings.user_agent);
  if (!octets.has_value()) {
    co_return std::unexpected{octets.error()};
  }
  const auto deadline = Clock::now() + request.timeout;
  if (auto kept = state_->pool.take(text_of(request.url.origin()))) {
    kept->set_deadline(deadline);
    auto outcome = co_await state_->exchange(std::move(kept), request, *octets);
    if (outcome.has_value()) {
      co_return *std::move(outcome);
    }
    if (outcome.error().is_answered || !may_repeat(request) || Clock::now() >= deadline) {
      co_return std::unexpected{std::move(outcome).error().error};
    }
  }
  auto connection = co_await state_->connect(request.url.origin(), deadline);
  if (!connection.has_value()) {
    co_return std::unexpected{std::move(connection).error().error};
  }
  auto outcome = co_await state_->exchange(*std::move(connection), request, *octets);
  if (!outcome.has_value()) {
    co_return std::unexpected{std::move(outcome).error().error};
  }
  co_return *std::move(outcome);
}

}  // namespace directory
