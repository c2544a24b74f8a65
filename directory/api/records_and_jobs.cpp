// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/paging.h"
#include "directory/api/record_json.h"
#include "directory/api/routes.h"
#include "directory/detections/detections.h"
#include "directory/jobs/jobs.h"
#include "directory/publish/published_generation.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kAccepted = 202;
constexpr std::size_t kShown = 50;
constexpr std::size_t kMostCounted = 1000;

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
  const auto is_visible = [&](const Notification& each) {
    return request.principal.may_see(each.organization);
  };
  return page(
      "notifications", services.records->notifications(*limit, *before, is_visible), *limit);
}

ApiResult list_audit(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kShown);
  const auto before = number_of(request, "before");
  if (!limit.has_value() || !before.has_value()) {
    return std::unexpected{limit.has_value() ? before.error() : limit.error()};
  }
  const auto is_visible = [&](const AuditEntry& each) {
    return request.principal.may_see(each.organization);
  };
  return page("audit", services.records->audit_log(*limit, *before, is_visible), *limit);
}

ApiResult list_jobs(const ApiServices& services, const ApiRequest& request) {
  json::array jobs;
  for (const Job& job : services.jobs->list()) {
    if (request.principal.may_see(job.organization)) {
      jobs.emplace_back(to_json(job));
    }
  }
  return answer(json::serialize(json::object{{"jobs", std::move(jobs)}}));
}

// The number that the path ends in; nothing if it is none.
std::optional<std::uint64_t> requested_number(const ApiRequest& request) {
  const std::string& text = request.captures.at(0);
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return is_number ? std::optional{number} : std::nullopt;
}

std::expected<Job, Problem> requested_job(const ApiServices& services, const ApiRequest& request) {
  const auto number = requested_number(request);
  const auto job = number.has_value() ? services.jobs->find(*number) : std::nullopt;
  if (!job.has_value() || !request.principal.may_see(job->organization)) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "there is no job " + request.captures.at(0) + " (any more)"});
  }
  return *job;
}

ApiResult show_job(const ApiServices& services, const ApiRequest& request) {
  const auto job = requested_job(services, request);
  return job.has_value() ? ApiResult{answer(json::serialize(to_json(*job)))}
                         : std::unexpected{job.error()};
}

ApiResult cancel_job(const ApiServices& services, const ApiRequest& request) {
  const auto job = requested_job(services, request);
  if (!job.has_value()) {
    return std::unexpected{job.error()};
  }
  const auto cancelled = services.jobs->cancel(job->id);
  if (!cancelled.has_value()) {
    return refuse_conflict(cancelled.error().message);
  }
  AuditEntry entry;
  entry.who = request.actor.name;
  entry.action = "job.cancel";
  entry.subject = job->kind + " of " + job->subject;
  entry.organization = job->organization;
  if (auto noted = services.records->audit(entry); !noted.has_value()) {
    return refuse(noted.error());
  }
  Answer accepted = answer(json::serialize(to_json(*cancelled)));
  accepted.status = kAccepted;
  return accepted;
}

ApiResult resolve_notification(const ApiServices& services, const ApiRequest& request) {
  const auto number = requested_number(request);
  if (!number.has_value()) {
    return refuse(
        {.code = policy::ErrorCode::kNotFound, .message = "there is none of that number"});
  }
  const auto found = services.records->notification(*number);
  if (!found.has_value()) {
    return refuse(found.error());
  }
  if (!request.principal.may_see(found->organization)) {
    return refuse(
        {.code = policy::ErrorCode::kNotFound,
         .message = "there is no notification " + request.captures.at(0) + " (any more)"});
  }
  auto resolved = services.records->resolve_notification(*number, request.actor);
  if (!resolved.has_value()) {
    return refuse(resolved.error());
  }
  Notification now = *found;
  now.is_resolved = true;
  return answer(json::serialize(to_json(now)));
}

ApiResult list_organizations(const ApiServices& services, const ApiRequest& request) {
  json::array organizations;
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    organizations.emplace_back(json::object{
        {"name", organization->name},
        {"domains", json::array(organization->domains.begin(), organization->domains.end())},
        {"directories", organization->directories.size()}});
  }
  json::object object;
  object["organizations"] = std::move(organizations);
  return answer(json::serialize(object));
}

// How much is known of the gateway: it writes nothing that the daemon reads but its detections.
json::object gateway_json(const Detections* detections, const Principal& principal) {
  if (detections == nullptr) {
    return {{"detections", "not_configured"}, {"newest_detection", 0}};
  }
  return {{"detections", detections->is_reading() ? "read" : "not_there"},
          {"newest_detection", detections->counts().newest(principal.organizations)}};
}

ApiResult show_status(const ApiServices& services, const ApiRequest& request) {
  const auto places = directories_named(services, request, "");
  const auto notifications =
      services.records->notifications(kMostCounted, 0, [&](const Notification& each) {
        return !each.is_resolved && each.level != NotificationLevel::kInfo &&
               request.principal.may_see(each.organization);
      });
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
  const auto running = std::ranges::count_if(services.jobs->list(), [&](const Job& job) {
    return job.state == JobState::kRunning && request.principal.may_see(job.organization);
  });
  const std::filesystem::path generation =
      current_folder(services.settings->snapshots).value_or(std::filesystem::path{});
  const auto manifest = current_manifest(services.settings->snapshots);
  const std::int64_t published = manifest.has_value() ? manifest->published : 0;
  return answer(json::serialize(
      json::object{{"version", FROMGUARD_VERSION},
                   {"generation", generation.filename().string()},
                   {"published", published},
                   {"gateway", gateway_json(services.detections, request.principal)},
                   {"organizations", visible_organizations(services, request).size()},
                   {"directories", places->size()},
                   {"failed_directories", failed},
                   {"people", people},
                   {"open_notifications", notifications->size()},
                   {"running_jobs", running}}));
}

}  // namespace

std::vector<Route> record_routes() {
  return {{Access::kRead, "GET", "notifications", &list_notifications, {"limit", "before"}},
          {Access::kOperate, "POST", "notifications/{}/resolve", &resolve_notification},
          {Access::kRead, "GET", "audit", &list_audit, {"limit", "before"}}};
}

std::vector<Route> job_routes() {
  return {{Access::kRead, "GET", "jobs", &list_jobs},
          {Access::kRead, "GET", "jobs/{}", &show_job},
          {Access::kOperate, "POST", "jobs/{}/cancel", &cancel_job},
          {Access::kRead, "GET", "organizations", &list_organizations},
          {Access::kRead, "GET", "status", &show_status}};
}

}  // namespace directory
