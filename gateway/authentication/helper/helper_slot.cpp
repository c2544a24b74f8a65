// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_slot.h"

#include "gateway/authentication/helper/helper_process.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <expected>
#include <thread>
#include <utility>

namespace gateway {
namespace {

constexpr unsigned kMostChecks = 500;
constexpr auto kFirstPause = std::chrono::milliseconds{20};
constexpr auto kLongestPause = std::chrono::milliseconds{2000};

}  // namespace

policy::Result<HelperProcess*> HelperSlot::ready(Deadline deadline) {
  if (process_ != nullptr) {
    return process_.get();
  }
  if (not_before_ >= deadline) {
    return policy::fail(policy::ErrorCode::kUnavailable, "the helper died too often of late");
  }
  std::this_thread::sleep_until(not_before_);
  auto started = HelperProcess::start(program_, deadline);
  if (!started.has_value()) {
    note_failure();
    return std::unexpected{std::move(started.error())};
  }
  process_ = *std::move(started);
  checks_ = 0;
  return process_.get();
}

void HelperSlot::finish(bool went_well) {
  if (!went_well) {
    process_.reset();
    note_failure();
    return;
  }
  failures_in_a_row_ = 0;
  if (++checks_ >= kMostChecks) {
    process_.reset();
  }
}

// The first death in a row costs no pause.
void HelperSlot::note_failure() {
  ++failures_;
  const auto pause = failures_in_a_row_ == 0
                         ? std::chrono::milliseconds{0}
                         : kFirstPause * (1U << std::min(failures_in_a_row_, 7U));
  ++failures_in_a_row_;
  not_before_ =
      std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(pause, kLongestPause);
}

}  // namespace gateway
