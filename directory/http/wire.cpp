// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/wire.h"

#include "directory/http/tls_context.h"
#include "directory/task.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Protocol = asio::generic::stream_protocol;  // TCP and Unix sockets alike
using TlsStream = asio::ssl::stream<Protocol::socket&>;

constexpr std::size_t kMostDrained = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kDrainOctets = 4096;

}  // namespace

struct Wire::State : public std::enable_shared_from_this<State> {
  State(const Executor& executor, Settings given)
      : settings(std::move(given)),
        socket(executor, Protocol{settings.family, 0}, settings.descriptor),
        timer(executor) {
    if (settings.tls != nullptr) {
      tls.emplace(socket, settings.tls->native());
    }
  }

  [[nodiscard]] Outcome outcome(const error_code& error) const {
    if (!error) {
      return Outcome::kDone;
    }
    return is_late ? Outcome::kLate : Outcome::kGone;
  }

  Settings settings;
  Protocol::socket socket;
  std::optional<TlsStream> tls;
  asio::steady_timer timer;
  bool is_late = false;
};

Wire::Wire(const Executor& executor, Settings settings)
    : state_(std::make_shared<State>(executor, std::move(settings))) {}

Wire::~Wire() = default;

void Wire::allow(std::chrono::milliseconds time) {
  state_->is_late = false;
  state_->timer.expires_after(time);
  state_->timer.async_wait([weak = state_->weak_from_this()](error_code error) {
    const auto self = weak.lock();
    // An old wait that had ended already when the limit was set anew does not count.
    if (self != nullptr && !error && self->timer.expiry() <= Clock::now()) {
      self->is_late = true;
      static_cast<void>(self->socket.cancel(error));
    }
  });
}

void Wire::allow_any_time() {
  state_->is_late = false;
  state_->timer.expires_at(Clock::time_point::max());
}

Task<Wire::Handshake> Wire::shake_hands() {
  std::optional<TlsStream>& tls = state_->tls;
  if (!tls.has_value()) {
    co_return Handshake::kDone;
  }
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await tls->async_handshake(asio::ssl::stream_base::server, token);
  if (!error && !state_->is_late) {
    co_return Handshake::kDone;
  }
  if (!is_http_in_clear(error)) {
    co_return Handshake::kFailed;
  }
  tls.reset();
  co_return Handshake::kHttpInClear;
}

Task<Wire::Outcome> Wire::read(std::string& octets, std::size_t most) {
  // The time may have run out between two reads, when there was nothing to cancel.
  if (state_->is_late) {
    co_return Outcome::kLate;
  }
  const std::size_t before = octets.size();
  octets.resize(before + most);
  const auto space = asio::buffer(octets.data() + before, most);
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  std::size_t count = 0;
  std::optional<TlsStream>& tls = state_->tls;
  if (tls.has_value()) {
    count = co_await tls->async_read_some(space, token);
  } else {
    count = co_await state_->socket.async_read_some(space, token);
  }
  octets.resize(before + (error ? 0 : count));
  co_return state_->outcome(error);
}

Task<Wire::Outcome> Wire::write(std::string_view octets) {
  if (state_->is_late) {
    co_return Outcome::kLate;
  }
  const auto buffer = asio::buffer(octets.data(), octets.size());
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  std::optional<TlsStream>& tls = state_->tls;
  if (tls.has_value()) {
    co_await asio::async_write(*tls, buffer, token);
  } else {
    co_await asio::async_write(state_->socket, buffer, token);
  }
  co_return state_->outcome(error);
}

Task<void> Wire::finish() {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  std::optional<TlsStream>& tls = state_->tls;
  if (tls.has_value()) {
    co_await tls->async_shutdown(token);
  }
  static_cast<void>(state_->socket.shutdown(asio::socket_base::shutdown_send, error));
  std::array<char, kDrainOctets> octets{};
  const auto anything = asio::buffer(octets);
  for (std::size_t drained = 0; !error && !state_->is_late && drained < kMostDrained;) {
    drained += co_await state_->socket.async_read_some(anything, token);
  }
}

void Wire::close() {
  error_code ignored;
  state_->timer.cancel();
  static_cast<void>(state_->socket.close(ignored));
}

bool Wire::is_open() const {
  return state_->socket.is_open();
}

bool Wire::is_tls() const {
  return state_->tls.has_value();
}

}  // namespace directory
