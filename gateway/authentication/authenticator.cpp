// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/authenticator.h"

#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/check_workers.h"
#include "gateway/authentication/dns/dns_resolver.h"
#include "gateway/authentication/dns/stub_resolver.h"
#include "gateway/authentication/helper/helper_process.h"
#include "gateway/authentication/helper/helper_slot.h"
#include "gateway/authentication/message_evaluation.h"
#include "policy/mail_records/public_suffix_list.h"
#include "policy/program_of_ours.h"
#include "policy/result.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;
using policy::Result;

constexpr auto kStartTime = std::chrono::seconds{10};
constexpr std::size_t kPieceOctets = std::size_t{256} * 1024;

// One check as the threads that work on it share it. The evaluation is used by the worker until
// `header` or `whole` is there, by the message's thread after.
struct Work {
  Work(EvaluationTools tools, AuthenticationRequest request)
      : evaluation(std::move(tools), std::move(request)) {}

  MessageEvaluation evaluation;
  std::vector<std::string> body;
  std::promise<bool> header_done;  // whether the body is needed
  std::promise<void> body_done;
  std::atomic<bool> wants_body = false;
  std::atomic<bool> is_given_up = false;
};

}  // namespace

struct Authenticator::Parts {
  AuthenticationSettings settings;
  std::unique_ptr<DnsResolver> resolver;
  std::shared_ptr<const policy::PublicSuffixList> list;
  std::atomic<std::size_t> body_octets = 0;
  std::unique_ptr<CheckWorkers> workers;
};

class Authenticator::Check final : public AuthenticationCheck {
 public:
  Check(Parts& parts, AuthenticationRequest request)
      : parts_(parts),
        from_domain_(request.from_domain),
        work_(std::make_shared<Work>(
            EvaluationTools{.resolver = *parts.resolver, .list = parts.list}, std::move(request))),
        header_done_(work_->header_done.get_future()),
        deadline_(Clock::now() + parts.settings.header_time) {
    work_->wants_body = work_->evaluation.may_need_body();
    const bool is_posted =
        parts_.workers->post([work = work_, deadline = deadline_](HelperSlot& slot) {
          const bool is_late = work->is_given_up || Clock::now() >= deadline;
          if (is_late) {
            work->evaluation.give_up();
          }
          const bool needs_body = !is_late && work->evaluation.work_out_header(slot, deadline);
          work->wants_body = needs_body;
          work->header_done.set_value(needs_body);
        });
    if (!is_posted) {
      work_->evaluation.give_up();
      work_->wants_body = false;
      work_->header_done.set_value(false);
    }
  }

  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;
  Check(Check&&) = delete;
  Check& operator=(Check&&) = delete;

  ~Check() override {
    work_->is_given_up = true;
    parts_.body_octets -= octets_;
  }

  [[nodiscard]] bool wants_body() const override { return work_->wants_body && !is_too_large_; }

  void add_body(std::string_view octets) override {
    if (!wants_body()) {
      return;
    }
    octets_ += octets.size();
    const std::size_t all = parts_.body_octets += octets.size();
    if (octets_ > parts_.settings.body_octets || all > parts_.settings.all_bodies_octets) {
      is_too_large_ = true;
      body_.clear();
      parts_.body_octets -= std::exchange(octets_, 0);
      return;
    }
    if (body_.empty() || body_.back().size() + octets.size() > kPieceOctets) {
      body_.emplace_back();
    }
    body_.back() += octets;
  }

  [[nodiscard]] AuthenticationOutcome finish() override {
    // The worker keeps to the same deadline; a little more lets it say so itself.
    constexpr auto kGrace = std::chrono::milliseconds{200};
    if (header_done_.wait_until(deadline_ + kGrace) != std::future_status::ready) {
      return unavailable();
    }
    if (!header_done_.get()) {
      return work_->evaluation.outcome();
    }
    if (is_too_large_) {
      work_->evaluation.give_up();
      return work_->evaluation.outcome();
    }
    auto body_done = work_->body_done.get_future();
    const auto deadline = Clock::now() + parts_.settings.body_time;
    work_->body = std::move(body_);
    const bool is_posted = parts_.workers->post([work = work_, deadline](HelperSlot& slot) {
      work->evaluation.work_out_body(slot, work->body, deadline);
      work->body_done.set_value();
    });
    const bool is_done =
        is_posted && body_done.wait_until(deadline + kGrace) == std::future_status::ready;
    return is_done ? work_->evaluation.outcome() : unavailable();
  }

 private:
  // For when the evaluation is still in the hands of a worker.
  [[nodiscard]] AuthenticationOutcome unavailable() const {
    AuthenticationOutcome outcome;
    outcome.from_domain = from_domain_;
    outcome.dmarc = DmarcResult::kTempError;
    outcome.is_unavailable = true;
    return outcome;
  }

  Parts& parts_;
  std::string from_domain_;
  std::shared_ptr<Work> work_;
  std::future<bool> header_done_;
  Clock::time_point deadline_;
  std::vector<std::string> body_;
  std::size_t octets_ = 0;
  bool is_too_large_ = false;
};

Result<std::unique_ptr<Authenticator>> Authenticator::start(AuthenticationSettings settings) {
  auto resolver = StubResolver::start(settings.dns);
  if (!resolver.has_value()) {
    return std::unexpected{std::move(resolver.error())};
  }
  return start(std::move(settings), *std::move(resolver));
}

Result<std::unique_ptr<Authenticator>> Authenticator::start(AuthenticationSettings settings,
                                                            std::unique_ptr<DnsResolver> resolver) {
  auto parts = std::make_unique<Parts>();
  parts->settings = std::move(settings);
  parts->resolver = std::move(resolver);
  AuthenticationSettings& taken = parts->settings;
  taken.helper =
      taken.helper.empty() ? policy::program_of_ours("fromguard-gateway-helper") : taken.helper;
  if (!taken.public_suffix_list.empty()) {
    auto list = policy::PublicSuffixList::load(taken.public_suffix_list);
    if (!list.has_value()) {
      return std::unexpected{std::move(list.error())};
    }
    parts->list = *std::move(list);
  }
  // Better known now than at the first message.
  if (const auto probe = HelperProcess::start(taken.helper, Clock::now() + kStartTime);
      !probe.has_value()) {
    return std::unexpected{probe.error()};
  }
  parts->workers =
      std::make_unique<CheckWorkers>(taken.workers, taken.helper, taken.on_helper_failure);
  return std::unique_ptr<Authenticator>{new Authenticator{std::move(parts)}};
}

Authenticator::Authenticator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Authenticator::~Authenticator() {
  parts_->resolver->stop();
}

std::unique_ptr<AuthenticationCheck> Authenticator::begin(AuthenticationRequest request) {
  return std::make_unique<Check>(*parts_, std::move(request));
}

}  // namespace gateway
