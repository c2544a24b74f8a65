// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/payload.h"

#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/digest.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

json::object envelope(std::string_view type, std::int64_t time) {
  return {{"type", type}, {"timestamp", utc_text(time)}};
}

}  // namespace

std::string delivery_id(std::string_view sink, std::string_view kind, std::string_view what) {
  constexpr std::size_t kDigits = 32;
  const std::string digest = policy::sha256_hex(fmt::format("{}\n{}\n{}", kind, what, sink));
  return "msg_" + digest.substr(0, kDigits);
}

std::string utc_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

std::string_view word_of(NotificationLevel level) {
  switch (level) {
    case NotificationLevel::kInfo: return "info";
    case NotificationLevel::kWarning: return "warning";
    case NotificationLevel::kError: return "error";
  }
  return "error";
}

std::string notification_payload(const Notification& notification, std::uint64_t skipped) {
  json::object whole = envelope("notification", notification.last);
  whole["skipped"] = skipped;
  whole["data"] = json::object{{"number", notification.number},
                               {"level", word_of(notification.level)},
                               {"what", notification.what},
                               {"organization", notification.organization},
                               {"directory", notification.directory},
                               {"text", notification.text},
                               {"advice", notification.advice},
                               {"first", notification.first},
                               {"last", notification.last},
                               {"times", notification.times},
                               {"resolved", notification.is_resolved}};
  return json::serialize(whole);
}

// Records are JSON already, and are not read again to be put into a list.
std::string detections_payload(const std::vector<policy::DetectionRecord>& records,
                               std::uint64_t skipped) {
  std::int64_t newest = 0;
  std::string list;
  for (const policy::DetectionRecord& record : records) {
    newest = std::max(newest, record.time);
    list += list.empty() ? "" : ",";
    list += policy::encode_detection(record);
  }
  json::object whole = envelope("detections", newest);
  whole["skipped"] = skipped;
  std::string text = json::serialize(whole);
  text.pop_back();
  return text + R"(,"data":{"detections":[)" + list + "]}}";
}

std::string test_payload(const std::string& sink, std::int64_t now) {
  json::object whole = envelope("test", now);
  whole["skipped"] = 0;
  whole["data"] = json::object{{"sink", sink}};
  return json::serialize(whole);
}

}  // namespace directory
