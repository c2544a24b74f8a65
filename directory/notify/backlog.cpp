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
#include <string>
#include <vector>

namespace directory {

using policy::DetectionRecord;
using policy::Result;

namespace {

void skip(SinkState& state, std::uint64_t number) {
  state.skipped += number;
  state.unreported += number;
}

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
  std::vector<DetectionRecord> found;
  if (parts_.detections == nullptr) {
    return found;
  }
  const bool is_again = !state.batch_end.is_nil();
  std::size_t seen = 0;
  std::size_t octets = 0;
  policy::Ulid last = state.detection;
  const auto visit = [&](const DetectionRecord& record) {
    if (is_again && record.id > state.batch_end) {
      return false;
    }
    if (wants(record)) {
      octets += policy::encode_detection(record).size();
      if (!is_again && !found.empty() && octets > kMostOctets) {
        return false;
      }
      found.push_back(record);
    }
    last = record.id;
    return is_again || (found.size() < kMostDetections && ++seen < Detections::kMostScanned);
  };
  const auto read = parts_.detections->for_each_after(state.detection, visit);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  if (is_again && found.size() < state.batch_size && parts_.detections->is_reading()) {
    // The gateway keeps them only so long.
    skip(state, state.batch_size - found.size());
    state.batch_size = found.size();
  }
  if (!found.empty()) {
    state.batch_end = is_again ? state.batch_end : last;
    state.batch_size = found.size();
  } else if (parts_.detections->is_reading()) {
    state.detection = is_again ? state.batch_end : last;
    state.batch_end = {};
  }
  return found;
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
