// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_loop.h"

#include "policy/result.h"
#include "tests/bench/load_connection.h"
#include "tests/support/milter_reply.h"
#include "tests/support/stream_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <linux/prctl.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

namespace tests {
namespace {

using Clock = LoadConnection::Clock;
using policy::Result;

constexpr std::chrono::milliseconds kReopenDelay{5};

Outcome outcome_of(const Reply& reply) {
  switch (reply.verdict) {
    case Reply::Verdict::kReject: return Outcome::kRejected;
    case Reply::Verdict::kReplyCode:
      return reply.text.starts_with('5') ? Outcome::kRejected : Outcome::kDeferred;
    case Reply::Verdict::kTempfail:
    case Reply::Verdict::kConnectionFailure:
    case Reply::Verdict::kShutdown: return Outcome::kDeferred;
    case Reply::Verdict::kDiscard: return Outcome::kDiscarded;
    case Reply::Verdict::kNone:
    case Reply::Verdict::kContinue:
    case Reply::Verdict::kAccept:
    case Reply::Verdict::kSkip: break;
  }
  if (std::ranges::find(reply.changes, Change::Kind::kQuarantine, &Change::kind) !=
      reply.changes.end()) {
    return Outcome::kQuarantined;
  }
  return reply.changes.empty() ? Outcome::kAccepted : Outcome::kChanged;
}

/// The poll loop of one thread: all its connections, and what is due when.
class LoadLoop {
 public:
  explicit LoadLoop(const LoadSettings& settings)
      : settings_(settings), scripts_(settings.shape), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < settings.connections; ++i) {
      connections_.emplace_back(scripts_);
      reopen_.emplace_back(Clock::time_point{}, i);
    }
  }

  Result<LoadResult> run() {
    if (epoll_.get() < 0) {
      return system_failure("epoll_create1");
    }
    // The default lets the kernel wake us 50 us late; where it stays, both milters suffer alike.
    static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL));
    if (auto connected = connect_all(); !connected) {
      return std::unexpected{connected.error()};
    }
    start_ = last_answer_ = Clock::now();
    end_ = start_ + settings_.duration;
    for (auto now = start_; !is_over(now); now = Clock::now()) {
      dispatch(now);
      if (auto waited = wait(next_wake(now)); !waited) {
        return std::unexpected{waited.error()};
      }
    }
    result_.elapsed = last_answer_ - start_;
    for (LoadConnection& connection : connections_) {
      connection.close();
    }
    return std::move(result_);
  }

 private:
  Result<void> connect_all() {
    const auto deadline = Clock::now() + settings_.patience;
    while (idle_.size() < connections_.size()) {
      const auto now = Clock::now();
      if (now >= deadline) {
        return policy::fail(policy::ErrorCode::kUnavailable,
                            "not every connection was taken in time: " + result_.first_error);
      }
      reopen_due(now);
      if (auto waited = wait(reopen_.empty() ? deadline : reopen_.front().first); !waited) {
        return waited;
      }
    }
    return {};
  }

  [[nodiscard]] bool has_rate() const { return settings_.rate > 0; }

  [[nodiscard]] bool has_begun_all() const {
    return settings_.messages > 0 && begun_ >= settings_.messages;
  }

  /// When the next message is due by the schedule, or nothing after the last one.
  [[nodiscard]] std::optional<Clock::time_point> next_due(Clock::time_point now) const {
    if (has_begun_all()) {
      return std::nullopt;
    }
    if (!has_rate()) {
      return now < end_ ? std::optional{now} : std::nullopt;
    }
    const std::chrono::duration<double> offset{static_cast<double>(begun_) / settings_.rate};
    const auto due = start_ + std::chrono::duration_cast<Clock::duration>(offset);
    return due < end_ ? std::optional{due} : std::nullopt;
  }

  bool is_over(Clock::time_point now) {
    if (now < end_) {
      return has_begun_all() && busy_ == 0;
    }
    if (now < end_ + settings_.patience) {
      return busy_ == 0 && !next_due(now);
    }
    for (; busy_ > 0; --busy_) {
      count_error("the milter did not answer soon after the end");
    }
    for (; next_due(now); ++begun_) {
      count_error("a message could not be sent soon after the end");
    }
    return true;
  }

  void dispatch(Clock::time_point now) {
    reopen_due(now);
    while (!idle_.empty()) {
      const auto due = next_due(now);
      if (!due || *due > now) {
        return;
      }
      const std::size_t index = idle_.front();
      idle_.pop_front();
      const std::string& from = settings_.from_lines[begun_ % settings_.from_lines.size()];
      ++begun_;
      ++busy_;
      if (auto begun = connections_[index].begin(from, *due); !begun) {
        fail_connection(index, begun.error().message);
      }
    }
  }

  void reopen_due(Clock::time_point now) {
    while (!reopen_.empty() && reopen_.front().first <= now) {
      const std::size_t index = reopen_.front().second;
      reopen_.pop_front();
      const auto opened = connections_[index].open(settings_.milter, epoll_.get(), index);
      if (!opened && opened.error().code == policy::ErrorCode::kBusy) {
        reopen_.emplace_back(now + kReopenDelay, index);
      } else if (!opened) {
        fail_connection(index, opened.error().message);
      }
    }
  }

  [[nodiscard]] Clock::time_point next_wake(Clock::time_point now) const {
    auto wake = now < end_ ? end_ : end_ + settings_.patience;
    if (!reopen_.empty()) {
      wake = std::min(wake, reopen_.front().first);
    }
    if (const auto due = next_due(now); due && !idle_.empty()) {
      wake = std::min(wake, *due);
    }
    return wake;
  }

  Result<void> wait(Clock::time_point until) {
    std::array<epoll_event, 256> events{};
    const auto left = std::max(Clock::duration::zero(), until - Clock::now());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
    const int ready = ::epoll_pwait2(
        epoll_.get(), events.data(), static_cast<int>(events.size()), &timeout, nullptr);
    if (ready < 0 && errno != EINTR) {
      return system_failure("epoll_pwait2");
    }
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events.at(static_cast<std::size_t>(i));
      on_event(event.data.u64, event.events);
    }
    return {};
  }

  void on_event(std::size_t index, std::uint32_t events) {
    LoadConnection& connection = connections_[index];
    const auto before = connection.state();
    if (auto done = connection.on_events(events); !done) {
      fail_connection(index, done.error().message);
      return;
    }
    if (before == connection.state() || connection.state() != LoadConnection::State::kIdle) {
      return;
    }
    if (before == LoadConnection::State::kBusy) {
      on_decided(connection);
    }
    if (settings_.messages_per_connection > 0 &&
        connection.messages() >= settings_.messages_per_connection) {
      connection.close();
      reopen_.emplace_front(Clock::time_point{}, index);
    } else {
      idle_.push_back(index);
    }
  }

  void on_decided(const LoadConnection& connection) {
    last_answer_ = Clock::now();
    --busy_;
    result_.latency.record(last_answer_ - connection.due());
    ++result_.outcomes.at(static_cast<std::size_t>(outcome_of(connection.decision())));
  }

  void fail_connection(std::size_t index, const std::string& why) {
    LoadConnection& connection = connections_[index];
    if (connection.state() == LoadConnection::State::kBusy) {
      --busy_;
    }
    const auto gone = std::ranges::remove(idle_, index);
    idle_.erase(gone.begin(), gone.end());
    connection.close();
    count_error(why);
    reopen_.emplace_back(Clock::now() + kReopenDelay, index);
  }

  void count_error(const std::string& why) {
    ++result_.errors;
    if (result_.first_error.empty()) {
      result_.first_error = why;
    }
  }

  const LoadSettings& settings_;
  SharedScript scripts_;
  Descriptor epoll_;
  std::deque<LoadConnection> connections_;
  std::deque<std::size_t> idle_;
  std::deque<std::pair<Clock::time_point, std::size_t>> reopen_;
  std::size_t busy_ = 0;
  std::size_t begun_ = 0;
  Clock::time_point start_;
  Clock::time_point end_;
  Clock::time_point last_answer_;
  LoadResult result_;
};

}  // namespace

void LoadResult::merge(const LoadResult& other) {
  std::ranges::transform(outcomes, other.outcomes, outcomes.begin(), std::plus{});
  errors += other.errors;
  if (first_error.empty()) {
    first_error = other.first_error;
  }
  elapsed = std::max(elapsed, other.elapsed);
  latency.merge(other.latency);
}

Result<LoadResult> run_load(const LoadSettings& settings) {
  return LoadLoop{settings}.run();
}

}  // namespace tests
