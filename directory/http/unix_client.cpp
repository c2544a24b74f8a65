// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/unix_client.h"

#include "policy/result.h"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace directory {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::uint64_t kMostBodyOctets = std::uint64_t{1024} * 1024 * 1024;
constexpr std::size_t kMostPathOctets = 107;

std::unexpected<policy::Error> failure(const error_code& error) {
  const bool is_denied = error == asio::error::access_denied;
  return policy::fail(is_denied ? policy::ErrorCode::kDenied : policy::ErrorCode::kUnavailable,
                      error.message());
}

http::request<http::string_body> made_from(const UnixClient::Request& request) {
  constexpr unsigned kVersion11 = 11;
  http::request<http::string_body> made;
  made.version(kVersion11);
  made.method_string(request.method);
  made.target(request.target);
  made.set(http::field::host, "localhost");
  if (!request.body.empty()) {
    made.set(http::field::content_type, "application/json");
  }
  made.body() = request.body;
  made.prepare_payload();
  return made;
}

}  // namespace

struct UnixClient::State {
  asio::io_context io;
  stream_protocol::socket socket{io};
  boost::beast::flat_buffer buffer;
};

UnixClient::UnixClient(std::filesystem::path socket)
    : path_(std::move(socket)), state_(std::make_unique<State>()) {}

UnixClient::~UnixClient() = default;

policy::Result<UnixClient::Response> UnixClient::send(const Request& request) {
  if (path_.native().size() > kMostPathOctets) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "the path of the socket is too long");
  }
  error_code error;
  if (!state_->socket.is_open()) {
    static_cast<void>(state_->socket.connect(stream_protocol::endpoint{path_.native()}, error));
  }
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMostBodyOctets);
  if (!error) {
    auto made = made_from(request);
    http::write(state_->socket, made, error);
  }
  if (!error) {
    http::read(state_->socket, state_->buffer, parser, error);
  }
  if (error || !parser.keep_alive()) {
    error_code ignored;
    static_cast<void>(state_->socket.close(ignored));
    state_->buffer.clear();
  }
  if (error) {
    return failure(error);
  }
  return Response{.status = parser.get().result_int(), .body = std::move(parser.get().body())};
}

}  // namespace directory
