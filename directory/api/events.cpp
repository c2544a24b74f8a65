// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/events.h"

#include "directory/accounts/principal.h"
#include "directory/http/server.h"
#include "directory/task.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;

constexpr auto kHeartbeat = std::chrono::seconds{15};
// Browsers connect anew after this many milliseconds.
constexpr const char* kGreeting = "retry: 3000\n\n";
constexpr const char* kStillThere = ":\n\n";

// One event on its way: the text is shared by all watchers.
struct Waiting {
  std::string name;
  std::string key;
  std::shared_ptr<const std::string> text;
};

}  // namespace

class EventHub::Watcher final : public BodyStream {
 public:
  Watcher(const Executor& executor, OrganizationScope scope, std::function<bool()> is_welcome)
      : scope_(std::move(scope)), is_welcome_(std::move(is_welcome)), timer_(executor) {}

  [[nodiscard]] bool may_see(const Event& event) const {
    return !scope_.has_value() || scope_->contains(event.organization);
  }

  void push(const Event& event, const std::shared_ptr<const std::string>& text) {
    const auto unsent = std::ranges::find_if(waiting_, [&](const Waiting& each) {
      return each.name == event.name && each.key == event.key;
    });
    if (unsent != waiting_.end()) {
      unsent->text = text;
    } else {
      waiting_.push_back({.name = event.name, .key = event.key, .text = text});
    }
    if (waiting_.size() > kMostWaiting) {
      is_over_ = true;
    }
    timer_.cancel();
  }

  Task<std::optional<std::string>> next() override {
    if (!is_greeted_) {
      is_greeted_ = true;
      co_return kGreeting;
    }
    boost::system::error_code woken;
    if (waiting_.empty() && !is_over_) {
      timer_.expires_after(kHeartbeat);
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (is_over_ || !is_welcome_()) {
      co_return std::nullopt;
    }
    std::string text;
    for (const Waiting& each : waiting_) {
      text += *each.text;
    }
    waiting_.clear();
    co_return text.empty() ? kStillThere : std::move(text);
  }

  void cancel() override {
    is_over_ = true;
    timer_.cancel();
  }

 private:
  OrganizationScope scope_;
  std::function<bool()> is_welcome_;
  asio::steady_timer timer_;
  std::vector<Waiting> waiting_;
  bool is_greeted_ = false;
  bool is_over_ = false;
};

std::shared_ptr<BodyStream> EventHub::watch(OrganizationScope scope,
                                            std::function<bool()> is_welcome) {
  auto watcher = std::make_shared<Watcher>(executor_, std::move(scope), std::move(is_welcome));
  watchers_.push_back(watcher);
  return watcher;
}

void EventHub::publish(const Event& event) {
  const auto text = std::make_shared<const std::string>("event: " + event.name +
                                                        "\ndata: " + event.json + "\n\n");
  std::erase_if(watchers_, [](const auto& watcher) { return watcher.expired(); });
  for (const auto& each : watchers_) {
    const auto watcher = each.lock();
    if (watcher != nullptr && watcher->may_see(event)) {
      watcher->push(event, text);
    }
  }
}

}  // namespace directory
