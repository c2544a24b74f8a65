// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_connection.h"

#include "policy/result.h"
#include "tests/bench/message_script.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/stream_socket.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>

namespace tests {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

Result<const MessageScript*> SharedScript::agree(const std::string& answer) {
  if (!script_) {
    const auto negotiation = parse_negotiation(answer);
    if (!negotiation) {
      return std::unexpected{negotiation.error()};
    }
    script_.emplace(*negotiation, shape_);
    answer_ = answer;
  }
  if (answer != answer_) {
    return fail(ErrorCode::kInvalidInput, "the milter answered two negotiations differently");
  }
  return &*script_;
}

Result<void> LoadConnection::open(const SocketAddress& milter, int epoll, std::uint64_t tag) {
  auto stream = open_stream(milter, true);
  if (!stream) {
    return std::unexpected{stream.error()};
  }
  if (::connect(stream->get(), milter.get(), milter.size) != 0 && errno != EINPROGRESS) {
    return errno == EAGAIN ? fail(ErrorCode::kBusy, "the milter's queue is full")
                           : system_failure("connect");
  }
  stream_ = std::move(*stream);
  epoll_ = epoll;
  tag_ = tag;
  polled_ = EPOLLIN | EPOLLOUT;
  epoll_event event{.events = polled_, .data = {.u64 = tag_}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, stream_.get(), &event) != 0) {
    return system_failure("epoll_ctl");
  }
  state_ = State::kConnecting;
  return {};
}

void LoadConnection::close() {
  if (state_ == State::kIdle) {
    out_.clear();
    append_packet(out_, static_cast<char>(Command::kAbort), {});
    append_packet(out_, static_cast<char>(Command::kQuit), {});
    // The peer sees the end of the connection anyway.
    static_cast<void>(::send(stream_.get(), out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  }
  stream_.reset();
  packets_ = {};
  out_.clear();
  written_ = 0;
  messages_ = 0;
  state_ = State::kClosed;
}

Result<void> LoadConnection::on_events(std::uint32_t events) {
  if (state_ == State::kConnecting) {
    return on_connected();
  }
  if ((events & EPOLLOUT) != 0) {
    if (auto done = write(); !done) {
      return done;
    }
  }
  return (events & ~std::uint32_t{EPOLLOUT}) != 0 ? read() : Result<void>{};
}

Result<void> LoadConnection::on_connected() {
  // If connecting failed, writing says so.
  append_packet(out_, static_cast<char>(Command::kNegotiate), encode({}));
  state_ = State::kNegotiating;
  return write();
}

Result<void> LoadConnection::begin(std::string_view from, Clock::time_point due) {
  assert(state_ == State::kIdle);
  state_ = State::kBusy;
  from_ = from;
  due_ = due;
  step_ = 0;
  if (messages_ == 0) {
    out_ += script_->session_rest();
  } else {
    append_packet(out_, static_cast<char>(Command::kAbort), {});
  }
  ++messages_;
  return next_message_step();
}

Result<void> LoadConnection::next_message_step() {
  script_->append(out_, script_->message_steps()[step_], from_);
  reply_ = {};
  return write();
}

Result<void> LoadConnection::next_session_step() {
  if (step_ == script_->session_steps().size()) {
    state_ = State::kIdle;
    return {};
  }
  script_->append(out_, script_->session_steps()[step_], {});
  reply_ = {};
  return write();
}

Result<void> LoadConnection::on_packet(const Packet& packet) {
  if (state_ == State::kNegotiating) {
    const auto script = scripts_->agree(packet.data);
    if (packet.code != static_cast<char>(Command::kNegotiate) || !script) {
      return fail(ErrorCode::kInvalidInput,
                  script ? "the milter refuses the negotiation" : script.error().message);
    }
    script_ = *script;
    state_ = State::kSession;
    step_ = 0;
    return next_session_step();
  }
  if (state_ != State::kSession && state_ != State::kBusy) {
    return fail(ErrorCode::kInvalidInput, "the milter answers though nothing was asked");
  }
  const auto complete = add_to_reply(reply_, packet);
  if (!complete) {
    return std::unexpected{complete.error()};
  }
  return *complete ? on_reply() : Result<void>{};
}

Result<void> LoadConnection::on_reply() {
  ++step_;
  if (state_ == State::kSession) {
    return reply_.ends_message()
               ? fail(ErrorCode::kInvalidInput, "the milter is done before the first message")
               : next_session_step();
  }
  if (reply_.ends_message() || step_ == script_->message_steps().size()) {
    state_ = State::kIdle;
    return {};
  }
  return next_message_step();
}

Result<void> LoadConnection::read() {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::recv(stream_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0) {
    return errno == EAGAIN || errno == EINTR ? Result<void>{} : system_failure("read");
  }
  if (got == 0) {
    return fail(ErrorCode::kUnavailable, "the milter closed the connection");
  }
  packets_.feed({buffer.data(), static_cast<std::size_t>(got)});
  for (;;) {
    const auto next = packets_.next();
    if (!next) {
      return std::unexpected{next.error()};
    }
    const std::optional<Packet>& packet = *next;
    if (!packet) {
      return {};
    }
    if (auto done = on_packet(*packet); !done) {
      return done;
    }
  }
}

Result<void> LoadConnection::write() {
  while (written_ < out_.size()) {
    const ssize_t sent = ::send(
        stream_.get(), out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      written_ += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN) {
      return poll_for(EPOLLIN | EPOLLOUT);
    } else if (errno != EINTR) {
      return system_failure("write");
    }
  }
  out_.clear();
  written_ = 0;
  return poll_for(EPOLLIN);
}

Result<void> LoadConnection::poll_for(std::uint32_t events) {
  if (events == polled_) {
    return {};
  }
  polled_ = events;
  epoll_event event{.events = polled_, .data = {.u64 = tag_}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, stream_.get(), &event) != 0) {
    return system_failure("epoll_ctl");
  }
  return {};
}

}  // namespace tests
