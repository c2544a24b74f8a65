// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/connector_json.h"
#include "directory/api/directory_meant.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/provisioning/connector_control.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kAccepted = 202;

// What a request about connectors may say.
struct Wanted {
  DirectoryKey key;
  std::string plan;
};

std::expected<Wanted, Problem> read_wanted(const ApiServices& services,
                                           const ApiRequest& request,
                                           bool takes_plan) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  const std::string name = fields->text("directory").value_or("");
  Wanted wanted;
  if (takes_plan) {
    fields->require("plan");
    wanted.plan = fields->text("plan").value_or("");
  }
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  auto key = directory_meant(services, request, name, Feature::kProvision);
  if (!key.has_value()) {
    return std::unexpected{std::move(key).error()};
  }
  if (takes_plan && wanted.plan.empty()) {
    return refuse_request("name the plan that is to be applied: its id", "/plan");
  }
  wanted.key = *std::move(key);
  return wanted;
}

ApiResult answer_with(const DirectoryKey& key, const policy::Result<PlanReport>& report) {
  return report.has_value() ? ApiResult{answer(json::serialize(to_json(key, *report)))}
                            : refuse(report.error());
}

ApiResult answer_with(const policy::Result<std::vector<Requirement>>& requirements) {
  return requirements.has_value() ? ApiResult{answer(json::serialize(to_json(*requirements)))}
                                  : refuse(requirements.error());
}

ApiResult list_connectors(const ApiServices& services, const ApiRequest& request) {
  const auto standings = services.connectors->standings();
  if (!standings.has_value()) {
    return refuse(standings.error());
  }
  json::array list;
  for (const ConnectorStanding& each : *standings) {
    if (request.principal.may_see(each.key.organization)) {
      list.emplace_back(to_json(each));
    }
  }
  json::object object;
  object["connectors"] = std::move(list);
  return answer(json::serialize(object));
}

Task<ApiResult> plan_connectors(ApiServices services, ApiRequest request) {
  const auto wanted = read_wanted(services, request, false);
  if (!wanted.has_value()) {
    co_return std::unexpected{wanted.error()};
  }
  const auto report = co_await services.connectors->plan(wanted->key);
  co_return answer_with(wanted->key, report);
}

ApiResult apply_connectors(const ApiServices& services, const ApiRequest& request) {
  const auto wanted = read_wanted(services, request, true);
  if (!wanted.has_value()) {
    return std::unexpected{wanted.error()};
  }
  const auto job = services.connectors->start_apply(wanted->key, wanted->plan, request.actor);
  if (!job.has_value()) {
    return refuse(job.error());
  }
  return answer(json::serialize(json::object{{"job", *job}}),
                kAccepted,
                "/api/v1/jobs/" + std::to_string(*job));
}

template <ConnectorStep kStep>
Task<ApiResult> take_step(ApiServices services, ApiRequest request) {
  const auto wanted = read_wanted(services, request, false);
  if (!wanted.has_value()) {
    co_return std::unexpected{wanted.error()};
  }
  const auto report = co_await services.connectors->take(wanted->key, kStep, request.actor);
  co_return answer_with(wanted->key, report);
}

Task<ApiResult> verify_connectors(ApiServices services, ApiRequest request) {
  const auto wanted = read_wanted(services, request, false);
  if (!wanted.has_value()) {
    co_return std::unexpected{wanted.error()};
  }
  const auto report = co_await services.connectors->verify(wanted->key);
  co_return answer_with(wanted->key, report);
}

Task<ApiResult> remove_connectors(ApiServices services, ApiRequest request) {
  const auto wanted = read_wanted(services, request, false);
  if (!wanted.has_value()) {
    co_return std::unexpected{wanted.error()};
  }
  const auto report = co_await services.connectors->remove(wanted->key, request.actor);
  co_return answer_with(wanted->key, report);
}

std::optional<ConnectorStep> step_named(std::string_view name) {
  for (const ConnectorStep step : {ConnectorStep::kEnableInbound,
                                   ConnectorStep::kLock,
                                   ConnectorStep::kUnlock,
                                   ConnectorStep::kEnableOutbound,
                                   ConnectorStep::kDisableOutbound}) {
    if (word_of(step) == name) {
      return step;
    }
  }
  return std::nullopt;
}

Task<ApiResult> list_requirements(ApiServices services, ApiRequest request) {
  const auto key =
      directory_meant(services, request, query_value(request, "directory"), Feature::kProvision);
  if (!key.has_value()) {
    co_return std::unexpected{key.error()};
  }
  const auto step = step_named(query_value(request, "step"));
  if (!step.has_value()) {
    co_return refuse_request(
        "step is enable-inbound, lock, unlock, enable-outbound or disable-outbound", "/step");
  }
  const auto requirements = co_await services.connectors->requirements(*key, *step);
  co_return answer_with(requirements);
}

Task<ApiResult> preflight_connectors(ApiServices services, ApiRequest request) {
  const auto key =
      directory_meant(services, request, query_value(request, "directory"), Feature::kProvision);
  if (!key.has_value()) {
    co_return std::unexpected{key.error()};
  }
  const auto requirements = co_await services.connectors->preflight(*key);
  co_return answer_with(requirements);
}

Task<ApiResult> write_script(ApiServices services, ApiRequest request) {
  const auto key =
      directory_meant(services, request, query_value(request, "directory"), Feature::kProvision);
  if (!key.has_value()) {
    co_return std::unexpected{key.error()};
  }
  const auto script = co_await services.connectors->script(*key);
  if (!script.has_value()) {
    co_return refuse(script.error());
  }
  Answer written = answer(*script);
  written.content_type = "text/plain; charset=utf-8";
  written.headers = {{"Content-Disposition", "attachment; filename=\"fromguard-connectors.ps1\""}};
  co_return written;
}

}  // namespace

std::vector<Route> connector_routes() {
  using Step = ConnectorStep;
  return {
      {Access::kRead, "GET", "connectors", &list_connectors},
      {Access::kOperate, "POST", "connectors/plan", &plan_connectors},
      begins_job({Access::kAdmin, "POST", "connectors/apply", &apply_connectors}),
      {Access::kAdmin, "POST", "connectors/enable-inbound", &take_step<Step::kEnableInbound>},
      {Access::kAdmin, "POST", "connectors/lock", &take_step<Step::kLock>},
      {Access::kAdmin, "POST", "connectors/unlock", &take_step<Step::kUnlock>},
      {Access::kAdmin, "POST", "connectors/enable-outbound", &take_step<Step::kEnableOutbound>},
      {Access::kAdmin, "POST", "connectors/disable-outbound", &take_step<Step::kDisableOutbound>},
      {Access::kOperate, "POST", "connectors/verify", &verify_connectors},
      {Access::kAdmin, "POST", "connectors/remove", &remove_connectors},
      {Access::kOperate,
       "GET",
       "connectors/requirements",
       &list_requirements,
       {"directory", "step"}},
      {Access::kOperate, "GET", "connectors/preflight", &preflight_connectors, {"directory"}},
      {Access::kRead, "GET", "connectors/script", &write_script, {"directory"}}};
}

}  // namespace directory
