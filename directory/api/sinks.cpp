// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/notify/notify_control.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// Of a sink for all organizations those may know who may see them all.
bool may_see(const Principal& principal, const SinkStanding& sink) {
  return principal.is_unscoped() ||
         (!sink.organizations.empty() &&
          std::ranges::all_of(sink.organizations, [&](const std::string& organization) {
            return principal.may_see(organization);
          }));
}

json::object to_json(const SinkStanding& sink) {
  json::array organizations;
  for (const std::string& each : sink.organizations) {
    organizations.emplace_back(each);
  }
  json::object object{{"name", sink.name},
                      {"kind", sink.kind},
                      {"target", sink.target},
                      {"off", sink.is_off},
                      {"last_success", sink.last_success},
                      {"last_failure", sink.last_failure},
                      {"last_error", sink.last_error},
                      {"waiting", sink.waiting},
                      {"skipped", sink.skipped},
                      {"delivered", sink.delivered},
                      {"failed", sink.failed}};
  object["organizations"] = std::move(organizations);
  return object;
}

policy::Result<std::vector<SinkStanding>> visible_sinks(const ApiServices& services,
                                                        const ApiRequest& request) {
  auto standings = services.notify->standings();
  if (standings.has_value()) {
    std::erase_if(*standings,
                  [&](const SinkStanding& sink) { return !may_see(request.principal, sink); });
  }
  return standings;
}

ApiResult list_sinks(const ApiServices& services, const ApiRequest& request) {
  const auto sinks = visible_sinks(services, request);
  if (!sinks.has_value()) {
    return refuse(sinks.error());
  }
  json::array list;
  for (const SinkStanding& sink : *sinks) {
    list.emplace_back(to_json(sink));
  }
  json::object object;
  object["sinks"] = std::move(list);
  return answer(json::serialize(object));
}

// The names of the sinks that are to be tested: the one of the request, or all of them.
std::expected<std::vector<std::string>, Problem> sinks_meant(const ApiServices& services,
                                                             const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  const std::string wanted = fields->text("sink").value_or("");
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  const auto sinks = visible_sinks(services, request);
  if (!sinks.has_value()) {
    return refuse(sinks.error());
  }
  std::vector<std::string> names;
  for (const SinkStanding& sink : *sinks) {
    if (wanted.empty() || sink.name == wanted) {
      names.push_back(sink.name);
    }
  }
  if (names.empty() && !wanted.empty()) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "there is no sink " + wanted + " in 'notify' of directory.yaml"});
  }
  return names;
}

Task<ApiResult> test_sinks(ApiServices services, ApiRequest request) {
  const auto names = sinks_meant(services, request);
  if (!names.has_value()) {
    co_return std::unexpected{names.error()};
  }
  json::array tests;
  for (const std::string& name : *names) {
    const policy::Result<SinkTest> tested = co_await services.notify->test(name);
    if (!tested.has_value()) {
      co_return refuse(tested.error());
    }
    AuditEntry entry;
    entry.who = request.actor.name;
    entry.action = "notification.test";
    entry.subject = name;
    entry.after = tested->detail;
    if (const auto noted = services.records->audit(entry); !noted.has_value()) {
      co_return refuse(noted.error());
    }
    tests.emplace_back(json::object{{"sink", tested->name},
                                    {"kind", tested->kind},
                                    {"taken", tested->is_taken},
                                    {"detail", tested->detail}});
  }
  json::object object;
  object["tests"] = std::move(tests);
  co_return answer(json::serialize(object));
}

}  // namespace

std::vector<Route> sink_routes() {
  return {{Access::kRead, "GET", "notifications/sinks", &list_sinks},
          {Access::kAdmin, "POST", "notifications/test", &test_sinks}};
}

}  // namespace directory
