// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/stub_resolver.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/dns/dns_cache.h"
#include "gateway/authentication/dns/question_channel.h"
#include "policy/config/socket_address.h"
#include "policy/guarded.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dns_name.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <ares.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/poll.h>
#include <sys/types.h>
#include <unistd.h>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

// Each question on its way has a channel, with a socket, of its own.
constexpr std::size_t kMostChannels = 128;
constexpr std::size_t kMostWaiting = 2048;
constexpr auto kChannelLifetime = std::chrono::minutes{1};
constexpr auto kIdleWait = std::chrono::seconds{30};

policy::Result<std::string> server_list(const std::vector<std::string>& servers) {
  std::string list;
  for (const std::string& server : servers) {
    const bool is_address =
        !server.starts_with("IPv6:") && policy::parse_ip_address(server).has_value();
    if (!is_address && !policy::parse_socket_address(server).has_value()) {
      return policy::fail(policy::ErrorCode::kInvalidInput,
                          "'" + policy::visible_text(server) +
                              "' is no name server; write it as 192.0.2.1 or 192.0.2.1:53");
    }
    list += list.empty() ? "" : ",";
    list += server;
  }
  return list;
}

// An answer that somebody waits for.
struct Waited {
  std::promise<DnsAnswer> promise;
  std::shared_future<DnsAnswer> answer{promise.get_future()};
};

struct Shared {
  explicit Shared(std::size_t cache_octets) : cache(cache_octets) {}

  DnsCache cache;
  std::map<DnsQuestion, std::shared_ptr<Waited>> under_way;
  std::deque<DnsQuestion> unsent;
  bool is_stopped = false;
};

std::shared_future<DnsAnswer> ready(DnsAnswer answer) {
  std::promise<DnsAnswer> promise;
  promise.set_value(std::move(answer));
  return promise.get_future().share();
}

}  // namespace

class StubResolver::Worker {
 public:
  Worker(DnsSettings settings, std::string servers)
      : settings_(std::move(settings)),
        servers_(std::move(servers)),
        wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        shared_(Shared{settings_.cache_octets}),
        thread_([this] { run(); }) {}

  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  Worker(Worker&&) = delete;
  Worker& operator=(Worker&&) = delete;

  ~Worker() {
    stop();
    ::close(wake_);
  }

  // Called by one thread; again does nothing.
  void stop() {
    if (thread_.joinable()) {
      stopping_ = true;
      wake();
      thread_.join();
    }
  }

  // Never waits.
  std::shared_future<DnsAnswer> look_up(const DnsQuestion& question) {
    if (!policy::is_dns_name(question.name)) {
      DnsAnswer absent;
      absent.status = DnsStatus::kNoName;
      return ready(std::move(absent));
    }
    bool is_new = false;
    auto answer = shared_.with([&](Shared& shared) {
      if (auto known = shared.cache.find(question, Clock::now()); known.has_value()) {
        return ready(*std::move(known));
      }
      if (const auto same = shared.under_way.find(question); same != shared.under_way.end()) {
        return same->second->answer;
      }
      if (shared.is_stopped || shared.unsent.size() >= kMostWaiting) {
        return ready({});
      }
      is_new = true;
      const auto waited = std::make_shared<Waited>();
      shared.under_way.emplace(question, waited);
      shared.unsent.push_back(question);
      return waited->answer;
    });
    if (is_new) {
      wake();
    }
    return answer;
  }

 private:
  void wake() const {
    const std::uint64_t one = 1;
    // Full means that the thread is awake already.
    [[maybe_unused]] const ssize_t size = ::write(wake_, &one, sizeof one);
  }

  void run() {
    while (!stopping_) {
      send_new();
      const auto ready = wait();
      take_wake();
      process(ready);
    }
    shared_.with([](Shared& shared) { shared.is_stopped = true; });
    channels_.clear();
    fail_all();
  }

  // Until something can be read, or a question must be sent again or given up.
  std::vector<pollfd> wait() const {
    std::vector<pollfd> waiting{{.fd = wake_, .events = POLLIN, .revents = 0}};
    const auto now = Clock::now();
    auto until = now + kIdleWait;
    for (const auto& channel : channels_) {
      if (!channel->is_idle()) {
        channel->add_to(waiting);
        until = std::min(until, channel->next_timeout(now));
      }
    }
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(0, time)));
    return waiting;
  }

  void take_wake() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = ::read(wake_, &count, sizeof count);
  }

  void process(const std::vector<pollfd>& waiting) {
    const auto now = Clock::now();
    for (const auto& channel : channels_) {
      if (!channel->is_idle()) {
        channel->process(waiting, now);
      }
    }
    // The system's servers may be others by now.
    std::erase_if(channels_, [&](const auto& channel) {
      return channel->is_idle() && now - channel->opened() > kChannelLifetime;
    });
  }

  void send_new() {
    while (has_unsent()) {
      QuestionChannel* const channel = free_channel();
      if (channel == nullptr) {
        return;
      }
      const DnsQuestion question = shared_.with([](Shared& shared) {
        DnsQuestion first = std::move(shared.unsent.front());
        shared.unsent.pop_front();
        return first;
      });
      const auto begun = Clock::now();
      channel->ask(question, begun + settings_.timeout, [this, question, begun](DnsAnswer answer) {
        finish(question, std::move(answer), begun);
      });
    }
  }

  bool has_unsent() {
    return shared_.with([](Shared& shared) { return !shared.unsent.empty(); });
  }

  // Null while all are busy, or where none can be opened: then every question has failed.
  QuestionChannel* free_channel() {
    const auto idle =
        std::ranges::find_if(channels_, [](const auto& channel) { return channel->is_idle(); });
    if (idle != channels_.end()) {
      return idle->get();
    }
    if (channels_.size() >= kMostChannels) {
      return nullptr;
    }
    auto opened = QuestionChannel::open(servers_, settings_.timeout);
    if (opened == nullptr) {
      if (channels_.empty()) {
        fail_all();
      }
      return nullptr;
    }
    return channels_.emplace_back(std::move(opened)).get();
  }

  void finish(const DnsQuestion& question, DnsAnswer answer, Clock::time_point begun) {
    const auto now = Clock::now();
    if (settings_.on_question != nullptr) {
      settings_.on_question(now - begun, answer.status);
    }
    const auto waited = shared_.with([&](Shared& shared) {
      shared.cache.put(question, answer, now);
      return std::move(shared.under_way.extract(question).mapped());
    });
    waited->promise.set_value(std::move(answer));
  }

  void fail_all() {
    const auto abandoned = shared_.with([](Shared& shared) {
      shared.unsent.clear();
      return std::exchange(shared.under_way, {});
    });
    for (const auto& [question, waited] : abandoned) {
      waited->promise.set_value({});
    }
  }

  // Constant after construction.
  const DnsSettings settings_;
  const std::string servers_;
  const int wake_;

  // Of the resolver's thread.
  std::vector<std::unique_ptr<QuestionChannel>> channels_;

  std::atomic<bool> stopping_ = false;
  policy::Guarded<Shared> shared_;
  std::thread thread_;
};

policy::Result<std::unique_ptr<StubResolver>> StubResolver::start(DnsSettings settings) {
  auto servers = server_list(settings.servers);
  if (!servers.has_value()) {
    return std::unexpected{std::move(servers.error())};
  }
  // Once for the process is enough, and again does no harm.
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
    return policy::fail(policy::ErrorCode::kUnavailable, "c-ares cannot be set up");
  }
  auto worker = std::make_unique<Worker>(std::move(settings), *std::move(servers));
  return std::unique_ptr<StubResolver>{new StubResolver{std::move(worker)}};
}

StubResolver::StubResolver(std::unique_ptr<Worker> worker) : worker_(std::move(worker)) {}

StubResolver::~StubResolver() = default;

DnsAnswer StubResolver::ask(const DnsQuestion& question, Deadline deadline) {
  const auto answer = worker_->look_up(question);
  return answer.wait_until(deadline) == std::future_status::ready ? answer.get() : DnsAnswer{};
}

void StubResolver::stop() {
  worker_->stop();
}

void StubResolver::prefetch(const DnsQuestion& question) {
  static_cast<void>(worker_->look_up(question));
}

}  // namespace gateway
