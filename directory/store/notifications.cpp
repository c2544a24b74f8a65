// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/audit_trail.h"
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/keys.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

constexpr std::uint64_t kMostNotifications = 10'000;
constexpr std::string_view kConnectorKinds = "connector_";
constexpr std::string_view kPostureKinds = "posture_";
constexpr std::string_view kMessageKinds = "message_";

void name_fields(auto& fields, auto& notification) {
  fields.letter("l", notification.level, "iwe");
  fields.text("w", notification.what);
  fields.text("o", notification.organization);
  fields.text("d", notification.directory);
  fields.text("x", notification.text);
  fields.text("a", notification.advice);
  fields.number("f", notification.first);
  fields.number("t", notification.last);
  fields.number("n", notification.times);
  fields.flag("r", notification.is_resolved);
}

Result<Notification> decode_notification(std::string_view key, std::string_view value) {
  Notification notification;
  notification.number = number_of_key(key);
  FieldReader fields{value};
  name_fields(fields, notification);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return notification;
}

void put(StateBatch& batch, const Notification& notification) {
  FieldWriter fields;
  name_fields(fields, notification);
  batch.put(Table::kNotifications, number_key(notification.number), fields.finish());
}

bool are_of_one_kind(const Notification& a, const Notification& b) {
  return a.what == b.what && a.organization == b.organization && a.directory == b.directory;
}

bool is_of(const Notification& notification, const DirectoryKey& key) {
  return notification.organization == key.organization && notification.directory == key.directory;
}

// Visits notifications, the newest first; false ends the visit.
template <typename Visit>
Result<void> for_each_newest(const StateReader& reader, std::uint64_t before, Visit visit) {
  return reader.for_each_backwards(
      Table::kNotifications,
      before == 0 ? "" : number_key(before),
      [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto notification = decode_notification(key, value);
        if (!notification.has_value()) {
          return std::unexpected{notification.error()};
        }
        return visit(std::move(*notification));
      });
}

// Adds the removal of those with numbers up to this one.
Result<void> drop_oldest(const StateReader& reader, std::uint64_t last, StateBatch& batch) {
  return reader.for_each(
      Table::kNotifications, "", "", [&](std::string_view key, std::string_view) -> Result<bool> {
        if (number_of_key(key) > last) {
          return false;
        }
        batch.remove(Table::kNotifications, key);
        return true;
      });
}

}  // namespace

Result<void> Records::notify(const Notification& notification) {
  std::optional<Notification> newest;
  const auto read = for_each_newest(*database_, 0, [&](Notification old) -> Result<bool> {
    if (are_of_one_kind(old, notification)) {
      newest = std::move(old);
    }
    return !newest.has_value();
  });
  if (!read.has_value()) {
    return read;
  }
  StateBatch batch;
  if (newest.has_value() && !newest->is_resolved && newest->text == notification.text) {
    newest->times += notification.times;
    newest->last = std::max(newest->last, notification.last);
    newest->level = notification.level;
    newest->advice = notification.advice;
    return write(std::move(batch), *newest);
  }
  const auto last = last_number(*database_, Table::kNotifications);
  if (!last.has_value()) {
    return std::unexpected{last.error()};
  }
  Notification added = notification;
  added.number = *last + 1;
  if (added.number > kMostNotifications) {
    auto dropped = drop_oldest(*database_, added.number - kMostNotifications, batch);
    if (!dropped.has_value()) {
      return dropped;
    }
  }
  return write(std::move(batch), added);
}

Result<void> Records::write(StateBatch batch, const Notification& notification) {
  put(batch, notification);
  auto written = database_->commit(std::move(batch));
  if (written.has_value() && listener_) {
    listener_(notification);
  }
  return written;
}

Result<Notification> Records::notification(std::uint64_t number) const {
  const std::string key = number_key(number);
  const auto read = database_->get(Table::kNotifications, key);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return policy::fail(policy::ErrorCode::kNotFound,
                        "there is no notification " + std::to_string(number) + " (any more)");
  }
  return decode_notification(key, *value);
}

Result<void> Records::resolve_notification(std::uint64_t number, const Actor& actor) {
  auto found = notification(number);
  if (!found.has_value()) {
    return std::unexpected{std::move(found).error()};
  }
  if (found->is_resolved) {
    return {};
  }
  found->is_resolved = true;
  StateBatch batch;
  auto trail = AuditTrail::open(*database_);
  if (!trail.has_value()) {
    return std::unexpected{std::move(trail).error()};
  }
  trail->add(batch,
             {.who = actor.name,
              .action = "notification.resolve",
              .subject = found->text,
              .before = "open",
              .after = "resolved",
              .organization = found->organization});
  return write(std::move(batch), *found);
}

void Records::set_notification_listener(std::function<void(const Notification&)> listener) {
  listener_ = std::move(listener);
}

Result<void> Records::resolve_notifications(const DirectoryKey& key) {
  return resolve_those([&](const Notification& each) {
    return is_of(each, key) && !each.what.starts_with(kConnectorKinds) &&
           !each.what.starts_with(kPostureKinds) && !each.what.starts_with(kMessageKinds);
  });
}

Result<void> Records::resolve_connector_notifications(const DirectoryKey& key) {
  return resolve_those([&](const Notification& each) {
    return is_of(each, key) && each.what.starts_with(kConnectorKinds);
  });
}

Result<void> Records::resolve_posture_notification(const DirectoryKey& key,
                                                   const std::string& text) {
  return resolve_those([&](const Notification& each) {
    return is_of(each, key) && each.what.starts_with(kPostureKinds) && each.text == text;
  });
}

Result<void> Records::resolve_notifications_of(const std::string& what, const std::string& text) {
  return resolve_those([&](const Notification& each) {
    return is_of(each, {}) && each.what == what && each.text == text;
  });
}

Result<void> Records::for_each_notification_after(
    std::uint64_t after, const std::function<bool(const Notification&)>& visit) const {
  return database_->for_each(Table::kNotifications,
                             "",
                             number_key(after + 1),
                             [&](std::string_view key, std::string_view value) -> Result<bool> {
                               const auto notification = decode_notification(key, value);
                               if (!notification.has_value()) {
                                 return std::unexpected{notification.error()};
                               }
                               return visit(*notification);
                             });
}

Result<std::uint64_t> Records::last_notification() const {
  return last_number(*database_, Table::kNotifications);
}

Result<void> Records::resolve_those(const std::function<bool(const Notification&)>& is_over) {
  std::vector<Notification> resolved;
  const auto read = for_each_newest(*database_, 0, [&](Notification old) -> Result<bool> {
    if (!old.is_resolved && old.level != NotificationLevel::kInfo && is_over(old)) {
      old.is_resolved = true;
      resolved.push_back(std::move(old));
    }
    return true;
  });
  if (!read.has_value() || resolved.empty()) {
    return read;
  }
  StateBatch batch;
  for (const Notification& notification : resolved) {
    put(batch, notification);
  }
  auto written = database_->commit(std::move(batch));
  for (const Notification& notification : resolved) {
    if (written.has_value() && listener_) {
      listener_(notification);
    }
  }
  return written;
}

Result<std::vector<Notification>> Records::notifications(
    std::size_t most,
    std::uint64_t before,
    const std::function<bool(const Notification&)>& is_wanted) const {
  std::vector<Notification> notifications;
  const auto read = for_each_newest(*database_, before, [&](Notification one) -> Result<bool> {
    if (notifications.size() < most && (!is_wanted || is_wanted(one))) {
      notifications.push_back(std::move(one));
    }
    return notifications.size() < most;
  });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return notifications;
}

}  // namespace directory
