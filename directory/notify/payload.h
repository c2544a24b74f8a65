// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

// What is sent to webhooks; WEBHOOK.md is for those who receive it.

/// A stable id for a delivery of this kind to a sink; `what` tells it from the sink's others.
[[nodiscard]] std::string delivery_id(std::string_view sink,
                                      std::string_view kind,
                                      std::string_view what);

/// `2026-11-22T07:00:00Z`
[[nodiscard]] std::string utc_text(std::int64_t seconds);

/// `info`, `warning`, `error`
[[nodiscard]] std::string_view word_of(NotificationLevel level);

/// `skipped`: what was dropped undelivered before this.
[[nodiscard]] std::string notification_payload(const Notification& notification,
                                               std::uint64_t skipped);
[[nodiscard]] std::string detections_payload(const std::vector<policy::DetectionRecord>& records,
                                             std::uint64_t skipped);
[[nodiscard]] std::string test_payload(const std::string& sink, std::int64_t now);

}  // namespace directory
