// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/backlog.h"

#include "directory/detections/detections.h"
#include "directory/notify/sink_state.h"
#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace directory {

using policy::DetectionRecord;
using policy::Result;

namespace {

void skip(SinkState& state, std::uint64_t number) {
  state.skipped += number;
  state.unreported += number;
}

// Collects the detections of one delivery: those that are noted in the state, or the next ones.
class BatchFiller {
 public:
  BatchFiller(const SinkState& state, std::function<bool(const DetectionRecord&)> wants)
      : end_(state.batch_end), last_(state.detection), wants_(std::move(wants)) {}

  // False once there is no room for more.
  bool take(const DetectionRecord& record) {
    if (!end_.is_nil()) {
      return take_again(record);
    }
    const bool is_wanted = wants_(record);
    octets_ += is_wanted ? policy::encode_detection(record).size() : 0;
    if (is_wanted && !found_.empty() && octets_ > Backlog::kMostOctets) {
      return false;
    }
    if (is_wanted) {
      found_.push_back(record);
    }
    last_ = record.id;
    return found_.size() < Backlog::kMostDetections && ++seen_ < Detections::kMostScanned;
  }

  // Notes in the state how far it is.
  std::vector<DetectionRecord> finish(SinkState& state) && {
    const bool is_again = !end_.is_nil();
    if (is_again && found_.size() < state.batch_size) {
      // The gateway keeps them only so long.
      skip(state, state.batch_size - found_.size());
    }
    state.batch_size = found_.size();
    const policy::Ulid& end = is_again ? end_ : last_;
    if (found_.empty()) {
      state.detection = end;
      state.batch_end = {};
    } else {
      state.batch_end = end;
    }
    return std::move(found_);
  }

 private:
  bool take_again(const DetectionRecord& record) {
    if (record.id > end_) {
      return false;
    }
    if (wants_(record)) {
      found_.push_back(record);
    }
    return true;
  }

  policy::Ulid end_;   // of the delivery that is made again; nil: it is a new one
  policy::Ulid last_;  // that was looked at
  std::function<bool(const DetectionRecord&)> wants_;
  std::vector<DetectionRecord> found_;
  std::size_t octets_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace

std::string failing_text(const std::string& sink) {
  return "What is sent to " + sink + " does not arrive.";
}

std::string gone_text(const std::string& sink) {
  return "The receiver of " + sink + " wants no more; nothing is sent to it until the next start.";
}

bool Backlog::wants(const Notification& notification) const {
  // To a sink that fails it cannot be told that it does, and afterwards it would be told for ever.
  const bool is_about_itself =
      (notification.what == kSinkFailing && notification.text == failing_text(parts_.sink)) ||
      (notification.what == kSinkGone && notification.text == gone_text(parts_.sink));
  const auto& organizations = parts_.scope.organizations;
  return !is_about_itself &&
         (organizations.empty() || organizations.contains(notification.organization));
}

bool Backlog::wants(const DetectionRecord& record) const {
  const auto& organizations = parts_.scope.organizations;
  return organizations.empty() || organizations.contains(record.organization);
}

Result<void> Backlog::begin(SinkState& state, std::int64_t now) const {
  constexpr std::int64_t kMilliseconds = 1000;  // of a second
  if (!state.takes_notifications) {
    const auto last = parts_.records->last_notification();
    if (!last.has_value()) {
      return std::unexpected{last.error()};
    }
    state.notification = *last;
  }
  if (!state.takes_detections) {
    state.detection = policy::Ulid::first_of(now * kMilliseconds);
    state.batch_end = {};
  }
  state.takes_notifications = parts_.takes_notifications;
  state.takes_detections = parts_.detections != nullptr;
  return {};
}

Result<std::vector<Notification>> Backlog::notifications(SinkState& state, std::size_t most) const {
  std::vector<Notification> found;
  if (!parts_.takes_notifications) {
    return found;
  }
  std::uint64_t last = state.notification;
  const auto visit = [&](const Notification& each) {
    // Numbers have no gaps but where the oldest were dropped.
    skip(state, each.number - last - 1);
    last = each.number;
    if (wants(each)) {
      found.push_back(each);
    }
    if (found.empty()) {
      state.notification = each.number;
    }
    return found.size() < most;
  };
  const auto read = parts_.records->for_each_notification_after(last, visit);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  if (!found.empty()) {
    // What was dropped is counted once, although the delivery may be made again.
    state.notification = found.front().number - 1;
  }
  return found;
}

Result<std::vector<DetectionRecord>> Backlog::detections(SinkState& state) const {
  if (parts_.detections == nullptr || !parts_.detections->is_reading()) {
    return std::vector<DetectionRecord>{};
  }
  BatchFiller filler{state, [this](const DetectionRecord& record) { return wants(record); }};
  const auto read = parts_.detections->for_each_after(
      state.detection, [&](const DetectionRecord& record) { return filler.take(record); });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return std::move(filler).finish(state);
}

Result<std::uint64_t> Backlog::waiting(const SinkState& state, std::uint64_t most) const {
  std::uint64_t waiting = 0;
  if (parts_.takes_notifications) {
    const auto count = [&](const Notification& each) {
      waiting += wants(each) ? 1U : 0U;
      return waiting < most;
    };
    const auto read = parts_.records->for_each_notification_after(state.notification, count);
    if (!read.has_value()) {
      return std::unexpected{read.error()};
    }
  }
  if (parts_.detections != nullptr && waiting < most) {
    std::size_t seen = 0;
    const auto count = [&](const DetectionRecord& each) {
      waiting += wants(each) ? 1U : 0U;
      return waiting < most && ++seen < Detections::kMostScanned;
    };
    const auto read = parts_.detections->for_each_after(state.detection, count);
    if (!read.has_value()) {
      return std::unexpected{read.error()};
    }
  }
  return waiting;
}

}  // namespace directory
