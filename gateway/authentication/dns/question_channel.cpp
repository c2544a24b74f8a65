// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/question_channel.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_message.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ares.h>
#include <poll.h>
#include <sys/poll.h>

namespace gateway {
namespace {

constexpr int kTries = 3;
// Small enough not to be fragmented on its way (DNS flag day 2020).
constexpr int kUdpOctets = 1232;
// So that somebody's flood of answers with guessed ids does not push the right one out before it is
// read. The kernel gives what it has for one socket, twice what it is by default at least.
constexpr int kReceiveBufferOctets = 1024 * 1024;
constexpr int kClassInternet = 1;

// c-ares reads a backslash as "the next octet as it is".
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    text += c == '\\' ? "\\" : "";
    text += c;
  }
  return text;
}

}  // namespace

std::unique_ptr<QuestionChannel> QuestionChannel::open(const std::string& servers,
                                                       std::chrono::milliseconds timeout) {
  std::unique_ptr<QuestionChannel> opened{new QuestionChannel};
  ares_options options{};
  options.flags = ARES_FLAG_EDNS | ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH;
  // c-ares doubles the wait at each round: a seventh, two and four make the whole.
  options.timeout = std::max(1, static_cast<int>(timeout.count() / 7));
  options.tries = kTries;
  options.ednspsz = kUdpOctets;
  options.socket_receive_buffer_size = kReceiveBufferOctets;
  options.sock_state_cb = &QuestionChannel::on_socket_state;
  options.sock_state_cb_data = opened.get();
  constexpr int kGiven = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ |
                         ARES_OPT_SOCK_STATE_CB | ARES_OPT_SOCK_RCVBUF;
  if (ares_init_options(&opened->channel_, &options, kGiven) != ARES_SUCCESS) {
    opened->channel_ = nullptr;
    return nullptr;
  }
  if (!servers.empty() &&
      ares_set_servers_ports_csv(opened->channel_, servers.c_str()) != ARES_SUCCESS) {
    return nullptr;
  }
  return opened;
}

QuestionChannel::~QuestionChannel() {
  if (channel_ != nullptr) {
    ares_destroy(channel_);
  }
}

void QuestionChannel::ask(const DnsQuestion& question,
                          Clock::time_point deadline,
                          OnAnswer on_answer) {
  question_ = question;
  deadline_ = deadline;
  on_answer_ = std::move(on_answer);
  ares_query(channel_,
             escaped(question.name).c_str(),
             kClassInternet,
             static_cast<int>(question.type),
             &QuestionChannel::on_message,
             this);
}

void QuestionChannel::add_to(std::vector<pollfd>& waiting) const {
  for (const auto& [socket, events] : sockets_) {
    waiting.push_back({.fd = socket, .events = events, .revents = 0});
  }
}

QuestionChannel::Clock::time_point QuestionChannel::next_timeout(Clock::time_point now) const {
  timeval wait{};
  if (ares_timeout(channel_, nullptr, &wait) == nullptr) {
    return deadline_;
  }
  return std::min(
      deadline_, now + std::chrono::seconds{wait.tv_sec} + std::chrono::microseconds{wait.tv_usec});
}

void QuestionChannel::process(const std::vector<pollfd>& ready, Clock::time_point now) {
  if (!is_idle() && now >= deadline_) {
    ares_cancel(channel_);
    return;
  }
  for (const pollfd& one : ready) {
    if (one.revents == 0 || !sockets_.contains(one.fd)) {
      continue;
    }
    const bool reads = (one.revents & (POLLIN | POLLERR | POLLHUP)) != 0;
    const bool writes = (one.revents & POLLOUT) != 0;
    ares_process_fd(channel_, reads ? one.fd : ARES_SOCKET_BAD, writes ? one.fd : ARES_SOCKET_BAD);
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void QuestionChannel::on_socket_state(void* self, ares_socket_t socket, int reads, int writes) {
  auto& sockets = static_cast<QuestionChannel*>(self)->sockets_;
  if (reads == 0 && writes == 0) {
    sockets.erase(socket);
    return;
  }
  sockets[socket] = static_cast<short>((reads != 0 ? POLLIN : 0) | (writes != 0 ? POLLOUT : 0));
}

void QuestionChannel::on_message(
    void* self, int status, int /*timeouts*/, unsigned char* message, int size) {
  auto& channel = *static_cast<QuestionChannel*>(self);
  if (channel.is_idle()) {
    return;
  }
  const bool is_answer =
      (status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND) &&
      message != nullptr && size > 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): octets as c-ares hands them over
  const std::string_view octets{reinterpret_cast<const char*>(message),
                                is_answer ? static_cast<std::size_t>(size) : 0};
  channel.finish(is_answer ? read_dns_message(octets, channel.question_) : DnsAnswer{});
}

void QuestionChannel::finish(DnsAnswer answer) {
  const OnAnswer on_answer = std::exchange(on_answer_, nullptr);
  on_answer(std::move(answer));
}

}  // namespace gateway
