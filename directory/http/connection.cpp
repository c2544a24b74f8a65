// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/connection.h"

#include "directory/http/connection_table.h"
#include "directory/http/request_reader.h"
#include "directory/http/response_text.h"
#include "directory/http/server.h"
#include "directory/http/wire.h"
#include "directory/task.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kHeaderReadOctets = 4096;  // what an idle connection holds
constexpr std::size_t kBodyReadOctets = std::size_t{64} * 1024;
constexpr std::size_t kWriteOctets = std::size_t{64} * 1024;
// What a client may send during a stream without being cut; nothing is done with it.
constexpr std::size_t kMostIgnored = 4096;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

constexpr RequestRefusal kTooSlow{.status = 408, .why = "the request took too long"};
constexpr RequestRefusal kNeedsTls{.status = 400, .why = "this port speaks TLS; use https"};

ServedResponse internal_error() {
  constexpr unsigned kStatus = 500;
  return plain_response(kStatus, "internal error");
}

ServedResponse too_many_streams() {
  constexpr unsigned kStatus = 503;
  ServedResponse response = plain_response(kStatus, "too many streams are open; try again later");
  response.headers.emplace_back("Retry-After", "10");
  return response;
}

Task<ServedResponse> call_handler(const HttpHandler& handler, ServedRequest request) {
  try {
    co_return co_await handler(std::move(request));
  } catch (...) {  // NOLINT(bugprone-empty-catch): the handler's own affair; the client gets 500
  }
  co_return internal_error();
}

// A piece, nothing at the end, a failure if the stream throws.
struct Piece {
  std::optional<std::string> octets;
  bool is_broken = false;
};

Task<Piece> next_piece(BodyStream& stream) {
  Piece piece;
  try {
    piece.octets = co_await stream.next();
  } catch (...) {
    piece.is_broken = true;
  }
  co_return piece;
}

}  // namespace

struct Connection::State : public std::enable_shared_from_this<State> {
  State(Executor runs_on, Settings given, const Connection& connection)
      : executor(std::move(runs_on)),
        settings(std::move(given)),
        owner(&connection),
        wire(executor, settings.wire) {}

  // Agrees on TLS; false if the connection is to be closed.
  Task<bool> begin();

  // Reads a request and answers it; false if the connection is to be closed.
  Task<bool> serve_request();

  Task<Wire::Outcome> read_header(RequestReader& reader);
  Task<Wire::Outcome> read_body(RequestReader& reader);
  Task<void> refuse(RequestRefusal refusal);
  [[nodiscard]] ServedResponse settled(ServedResponse served, const ResponseContext& context) const;
  Task<bool> answer(ServedResponse served, ResponseContext context);
  Task<Wire::Outcome> send(std::string_view octets);
  Task<void> send_stream(ServedResponse served, ResponseContext context);
  Task<bool> send_pieces(bool is_chunked);
  Task<void> finish();
  void leave();

  // Reads during a stream, to learn when the client goes.
  static Task<void> watch_client(std::shared_ptr<State> self);

  Executor executor;
  Settings settings;
  const Connection* owner;  // outlives every coroutine but the watching one
  Wire wire;
  std::string received;  // not yet used
  std::shared_ptr<BodyStream> stream;
};

Task<bool> Connection::State::begin() {
  settings.table->begin_wait(*owner);
  wire.allow(settings.limits.handshake);
  const Wire::Handshake handshake = co_await wire.shake_hands();
  if (handshake == Wire::Handshake::kHttpInClear) {
    co_await refuse(kNeedsTls);
  }
  co_return handshake == Wire::Handshake::kDone;
}

Task<Wire::Outcome> Connection::State::read_header(RequestReader& reader) {
  settings.table->begin_wait(*owner);
  wire.allow(settings.limits.idle);
  bool has_begun = false;
  Wire::Outcome outcome = Wire::Outcome::kDone;
  while (outcome == Wire::Outcome::kDone) {
    reader.take(received);
    if (reader.has_header() || reader.refusal().has_value()) {
      break;
    }
    if (reader.has_begun() && !has_begun) {
      has_begun = true;
      wire.allow(settings.limits.header);
    }
    outcome = co_await wire.read(received, kHeaderReadOctets);
  }
  co_return outcome;
}

Task<Wire::Outcome> Connection::State::read_body(RequestReader& reader) {
  wire.allow(settings.limits.body);
  Wire::Outcome outcome = Wire::Outcome::kDone;
  if (reader.awaits_continue()) {
    outcome = co_await wire.write(kContinue);
  }
  while (outcome == Wire::Outcome::kDone && reader.has_header() && !reader.is_whole()) {
    outcome = co_await wire.read(received, kBodyReadOctets);
    reader.take(received);
  }
  co_return outcome;
}

Task<bool> Connection::State::serve_request() {
  RequestReader reader{settings.limits};
  Wire::Outcome outcome = co_await read_header(reader);
  if (!settings.table->end_wait(*owner)) {
    co_return false;
  }
  if (outcome == Wire::Outcome::kDone && reader.has_header()) {
    outcome = co_await read_body(reader);
  }
  std::optional<RequestRefusal> refusal = reader.refusal();
  if (!refusal.has_value() && outcome == Wire::Outcome::kLate && reader.has_begun()) {
    refusal = kTooSlow;
  }
  if (refusal.has_value()) {
    co_await refuse(*refusal);
    co_return false;
  }
  if (outcome != Wire::Outcome::kDone) {
    co_return false;
  }
  wire.allow_any_time();
  ResponseContext context;
  context.is_old = reader.is_old();
  context.is_kept = reader.keeps_alive();
  context.is_tls = wire.is_tls();
  ServedRequest request = reader.release();
  context.is_head = request.method == "HEAD";
  request.peer = settings.peer;
  request.client_address = settings.client_address;
  request.is_tls = context.is_tls;
  ServedResponse served = co_await call_handler(*settings.handler, std::move(request));
  co_return co_await answer(std::move(served), context);
}

// Says why nothing more is read.
Task<void> Connection::State::refuse(RequestRefusal refusal) {
  settings.table->begin_wait(*owner);
  const ServedResponse served = plain_response(refusal.status, refusal.why);
  ResponseContext context;
  context.is_tls = wire.is_tls();
  const std::string text = encode_header(served, context) + served.body;
  if (co_await send(text) == Wire::Outcome::kDone) {
    co_await finish();
  }
}

// What goes out for what the handler says.
ServedResponse Connection::State::settled(ServedResponse served,
                                          const ResponseContext& context) const {
  const bool is_good = is_sendable(served);
  if (served.stream == nullptr) {
    return is_good ? std::move(served) : internal_error();
  }
  const bool goes_out = is_good && has_body(served, context);
  if (goes_out && settings.table->begin_stream(*owner)) {
    return served;
  }
  served.stream->cancel();
  if (is_good && !goes_out) {
    return served;
  }
  return is_good ? too_many_streams() : internal_error();
}

Task<bool> Connection::State::answer(ServedResponse served, ResponseContext context) {
  served = settled(std::move(served), context);
  if (served.stream != nullptr && has_body(served, context)) {
    co_await send_stream(std::move(served), context);
    co_return false;
  }
  std::string text = encode_header(served, context);
  if (has_body(served, context)) {
    text += served.body;
  }
  const Wire::Outcome outcome = co_await send(text);
  if (outcome == Wire::Outcome::kDone && !context.is_kept) {
    co_await finish();
  }
  co_return outcome == Wire::Outcome::kDone&& context.is_kept;
}

// Each part must be taken in time, however slowly the client reads the whole.
Task<Wire::Outcome> Connection::State::send(std::string_view octets) {
  Wire::Outcome outcome = Wire::Outcome::kDone;
  while (outcome == Wire::Outcome::kDone && !octets.empty()) {
    const std::string_view part = octets.substr(0, kWriteOctets);
    octets.remove_prefix(part.size());
    wire.allow(settings.limits.idle);
    outcome = co_await wire.write(part);
  }
  co_return outcome;
}

Task<void> Connection::State::send_stream(ServedResponse served, ResponseContext context) {
  stream = served.stream;
  context.is_kept = false;
  const bool is_chunked = !context.is_old;
  const std::string begin =
      encode_header(served, context) + (is_chunked ? chunk_of(served.body) : served.body);
  asio::co_spawn(executor, watch_client(shared_from_this()), asio::detached);
  bool is_good = co_await send(begin) == Wire::Outcome::kDone;
  is_good = is_good && co_await send_pieces(is_chunked);
  stream->cancel();
  stream.reset();
  if (is_good) {
    co_await finish();
  }
}

// To the end of the stream; false if the client has not got it whole.
Task<bool> Connection::State::send_pieces(bool is_chunked) {
  while (wire.is_open()) {
    wire.allow_any_time();
    const Piece piece = co_await next_piece(*stream);
    if (piece.is_broken || !wire.is_open()) {
      co_return false;
    }
    const std::optional<std::string>& octets = piece.octets;
    if (!octets.has_value()) {
      const std::string_view end = is_chunked ? kLastChunk : std::string_view{};
      co_return co_await send(end) == Wire::Outcome::kDone;
    }
    const std::string text = is_chunked ? chunk_of(*octets) : *octets;
    if (co_await send(text) != Wire::Outcome::kDone) {
      co_return false;
    }
  }
  co_return false;
}

// The client may go, or be pushed out, as soon as it likes.
Task<void> Connection::State::finish() {
  settings.table->begin_wait(*owner);
  wire.allow(settings.limits.header);
  co_await wire.finish();
}

void Connection::State::leave() {
  wire.close();
  if (const std::shared_ptr<BodyStream> left = stream; left != nullptr) {
    left->cancel();
  }
}

Task<void> Connection::State::watch_client(std::shared_ptr<State> self) {
  std::size_t ignored = self->received.size();
  std::string octets;
  while (ignored <= kMostIgnored &&
         co_await self->wire.read(octets, kHeaderReadOctets) == Wire::Outcome::kDone) {
    ignored += octets.size();
    octets.clear();
  }
  self->leave();
}

Connection::Connection(const Executor& executor, Settings settings)
    : state_(std::make_shared<State>(executor, std::move(settings), *this)) {}

Connection::~Connection() = default;

Task<void> Connection::serve() {
  bool is_kept = co_await state_->begin();
  while (is_kept) {
    is_kept = co_await state_->serve_request();
  }
  close();
}

void Connection::close() {
  state_->leave();
}

}  // namespace directory
