// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/question_channel.h"

#include "directory/dns/dns_message.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ares.h>
#include <poll.h>
#include <sys/poll.h>

namespace directory {
namespace {

constexpr int kTries = 3;
// c-ares doubles the wait at each round: one, two and four make the whole.
constexpr int kShares = 7;
// Small enough not to be fragmented on its way (DNS flag day 2020).
constexpr int kUdpOctets = 1232;
constexpr int kClassInternet = 1;
// How soon the end is noticed.
constexpr timeval kLongestWait{.tv_sec = 0, .tv_usec = 100'000};

// The open sockets, with what to wait for.
std::vector<pollfd> sockets_of(ares_channeldata* channel) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const auto bits =
      static_cast<unsigned>(ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM));
  std::vector<pollfd> open;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    const bool reads = (bits & (1U << i)) != 0;
    const bool writes = (bits & (1U << (i + ARES_GETSOCK_MAXNUM))) != 0;
    if (reads || writes) {
      const auto events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
      open.push_back({.fd = sockets.at(i), .events = events, .revents = 0});
    }
  }
  return open;
}

// In milliseconds.
int longest_wait(ares_channeldata* channel) {
  timeval most = kLongestWait;
  timeval left{};
  const timeval* const wait = ares_timeout(channel, &most, &left);
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(
      std::chrono::seconds{wait->tv_sec} + std::chrono::microseconds{wait->tv_usec});
  return static_cast<int>(time.count());
}

}  // namespace

std::unique_ptr<QuestionChannel> QuestionChannel::open(const std::vector<std::string>& servers,
                                                       std::chrono::milliseconds timeout) {
  // Once for the process is enough, and again does no harm.
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
    return nullptr;
  }
  std::unique_ptr<QuestionChannel> opened{new QuestionChannel};
  ares_options options{};
  options.flags = ARES_FLAG_EDNS | ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH;
  options.timeout = std::max(1, static_cast<int>(timeout.count() / kShares));
  options.tries = kTries;
  options.ednspsz = kUdpOctets;
  constexpr int kGiven = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ;
  if (ares_init_options(&opened->channel_, &options, kGiven) != ARES_SUCCESS) {
    opened->channel_ = nullptr;
    return nullptr;
  }
  std::string list;
  for (const std::string& server : servers) {
    list += list.empty() ? "" : ",";
    list += server;
  }
  if (!list.empty() && ares_set_servers_ports_csv(opened->channel_, list.c_str()) != ARES_SUCCESS) {
    return nullptr;
  }
  return opened;
}

QuestionChannel::~QuestionChannel() {
  if (channel_ != nullptr) {
    ares_destroy(channel_);
  }
}

DnsAnswer QuestionChannel::ask(DnsQuestion question,
                               Clock::time_point deadline,
                               const std::atomic<bool>& is_stopped) {
  if (!is_dns_name(question.name)) {
    return {};
  }
  answer_.reset();
  question_ = std::move(question);
  ares_query(channel_,
             question_.name.c_str(),
             kClassInternet,
             static_cast<int>(question_.type),
             &QuestionChannel::on_message,
             this);
  while (!answer_.has_value() && !is_stopped && Clock::now() < deadline) {
    wait_and_process();
  }
  if (!answer_.has_value()) {
    ares_cancel(channel_);
  }
  return std::exchange(answer_, std::nullopt).value_or(DnsAnswer{});
}

void QuestionChannel::wait_and_process() {
  std::vector<pollfd> waiting = sockets_of(channel_);
  ::poll(waiting.data(), waiting.size(), longest_wait(channel_));
  for (const pollfd& one : waiting) {
    const bool reads = (one.revents & (POLLIN | POLLERR | POLLHUP)) != 0;
    const bool writes = (one.revents & POLLOUT) != 0;
    if (reads || writes) {
      ares_process_fd(
          channel_, reads ? one.fd : ARES_SOCKET_BAD, writes ? one.fd : ARES_SOCKET_BAD);
    }
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void QuestionChannel::on_message(
    void* self, int status, int /*timeouts*/, unsigned char* message, int size) {
  auto& channel = *static_cast<QuestionChannel*>(self);
  const bool is_answer =
      (status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND) &&
      message != nullptr && size > 0;
  if (!is_answer) {
    channel.answer_ = DnsAnswer{};
    return;
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): octets as c-ares hands them over
  const std::string_view octets{reinterpret_cast<const char*>(message),
                                static_cast<std::size_t>(size)};
  channel.answer_ = read_dns_message(octets, channel.question_);
}

}  // namespace directory
