// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/paging.h"
#include "directory/api/routes.h"
#include "directory/jobs/jobs.h"
#include "directory/publish/published_generation.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::size_t kShown = 50;
constexpr std::size_t kMostCounted = 1000;

std::string_view word_of(NotificationLevel level) {
  switch (level) {
    case NotificationLevel::kInfo: return "info";
    case NotificationLevel::kWarning: return "warning";
    case NotificationLevel::kError: return "error";
  }
  return "error";
}

json::object to_json(const Notification& notification) {
  return {{"number", notification.number},
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
}

json::object to_json(const AuditEntry& entry) {
  return {{"number", entry.number},
          {"time", entry.time},
          {"who", entry.who},
          {"action", entry.action},
          {"subject", entry.subject},
          {"before", entry.before},
          {"after", entry.after}};
}

std::string_view word_of(JobState state) {
  switch (state) {
    case JobState::kRunning: return "running";
    case JobState::kDone: return "done";
    case JobState::kFailed: return "failed";
  }
  return "failed";
}

json::object to_json(const Job& job) {
  return {{"id", job.id},
          {"kind", job.kind},
          {"subject", job.subject},
          {"state", word_of(job.state)},
          {"done", job.done},
          {"total", job.total},
          {"message", job.message},
          {"started", job.started},
          {"ended", job.ended}};
}

// A page of numbered entries, the newest first, and the number to ask for the next one with.
template <typename Entry>
ApiResult page(std::string_view name,
               const policy::Result<std::vector<Entry>>& entries,
               std::size_t limit) {
  if (!entries.has_value()) {
    return refuse(entries.error());
  }
  json::array array;
  for (const Entry& entry : *entries) {
    array.emplace_back(to_json(entry));
  }
  json::object object;
  object[name] = std::move(array);
  object["next"] =
      entries->size() == limit ? json::value(entries->back().number) : json::value(nullptr);
  return answer(json::serialize(object));
}

ApiResult list_notifications(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kShown);
  const auto before = number_of(request, "before");
  if (!limit.has_value() || !before.has_value()) {
    return std::unexpected{limit.has_value() ? before.error() : limit.error()};
  }
  return page("notifications", services.records->notifications(*limit, *before), *limit);
}

ApiResult list_audit(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kShown);
  const auto before = number_of(request, "before");
  if (!limit.has_value() || !before.has_value()) {
    return std::unexpected{limit.has_value() ? before.error() : limit.error()};
  }
  return page("audit", services.records->audit_log(*limit, *before), *limit);
}

ApiResult list_jobs(const ApiServices& services, const ApiRequest& request) {
  static_cast<void>(request);
  json::array jobs;
  for (const Job& job : services.jobs->list()) {
    jobs.emplace_back(to_json(job));
  }
  return answer(json::serialize(json::object{{"jobs", std::move(jobs)}}));
}

ApiResult show_job(const ApiServices& services, const ApiRequest& request) {
  const std::string& text = request.captures.at(0);
  std::uint64_t id = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool is_number = read.ptr == text.data() + text.size();
  const auto job = is_number ? services.jobs->find(id) : std::nullopt;
  if (!job.has_value()) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "there is no job " + text + " (any more)"});
  }
  return answer(json::serialize(to_json(*job)));
}

std::string generation_in_force(const Settings& settings) {
  const auto folder = current_folder(settings.snapshots);
  return folder.has_value() ? folder->filename().string() : "";
}

ApiResult show_status(const ApiServices& services, const ApiRequest& request) {
  static_cast<void>(request);
  const auto places = directories_named(*services.control, "");
  const auto notifications = services.records->notifications(kMostCounted, 0);
  if (!places.has_value() || !notifications.has_value()) {
    return refuse(places.has_value() ? notifications.error() : places.error());
  }
  std::uint64_t people = 0;
  std::uint64_t failed = 0;
  for (const DirectoryPlace& place : *places) {
    const auto state = services.content->sync_state(place.key());
    if (!state.has_value()) {
      return refuse(state.error());
    }
    people += state->counts.users;
    failed += state->last_failure.empty() ? 0U : 1U;
  }
  const auto open = std::ranges::count_if(*notifications, [](const Notification& each) {
    return !each.is_resolved && each.level != NotificationLevel::kInfo;
  });
  const auto jobs = services.jobs->list();
  const auto running = std::ranges::count(jobs, JobState::kRunning, &Job::state);
  return answer(
      json::serialize(json::object{{"version", FROMGUARD_VERSION},
                                   {"generation", generation_in_force(*services.settings)},
                                   {"organizations", services.control->organizations().size()},
                                   {"directories", places->size()},
                                   {"failed_directories", failed},
                                   {"people", people},
                                   {"open_notifications", open},
                                   {"running_jobs", running}}));
}

}  // namespace

std::vector<Route> record_routes() {
  return {{"GET", "notifications", &list_notifications, {"limit", "before"}},
          {"GET", "audit", &list_audit, {"limit", "before"}}};
}

std::vector<Route> job_routes() {
  return {{"GET", "jobs", &list_jobs, {}},
          {"GET", "jobs/{}", &show_job, {}},
          {"GET", "status", &show_status, {}}};
}

}  // namespace directory
