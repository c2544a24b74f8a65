// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/applied_connectors.h"
#include "directory/api/directory_json.h"
#include "directory/api/given_directory.h"
#include "directory/api/lookup.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/directory_settings.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/secret_files.h"
#include "directory/sync/sync_control.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kCreated = 201;
constexpr unsigned kAccepted = 202;

// One word for people who look at a list.
std::string_view state_word(const SyncState& state, bool is_running) {
  if (is_running) {
    return "syncing";
  }
  if (state.round.has_value() && state.round->is_held) {
    return "held";
  }
  if (!state.last_failure.empty()) {
    return "failed";
  }
  return state.last_success == 0 ? "never synced" : "synced";
}

policy::Result<json::object> described(const ApiServices& services, const DirectoryPlace& place) {
  const DirectoryKey key = place.key();
  const auto state = services.content->sync_state(key);
  if (!state.has_value()) {
    return std::unexpected{state.error()};
  }
  const SyncSettings& sync = place.directory->sync;
  json::object object{{"organization", key.organization},
                      {"name", key.directory},
                      {"declared", place.directory->is_declared}};
  add_source(object, *place.directory);
  add_schedule(object, sync);
  object["targets"] = sync.targets.has_value() ? "selected" : "all";
  object["state"] = state_word(*state, is_syncing(*services.jobs, key));
  object["started"] = state->is_started;
  object["people"] = state->counts.users;
  object["groups"] = state->counts.groups;
  object["last_success"] = state->last_success;
  object["last_attempt"] = state->last_attempt;
  object["last_failure"] = state->last_failure;
  object["next_sync"] = services.control->next_sync(key);
  return object;
}

ApiResult list_directories(const ApiServices& services, const ApiRequest& request) {
  const auto places = directories_named(services, request, query_value(request, "name"));
  if (!places.has_value()) {
    return refuse(places.error());
  }
  json::array directories;
  for (const DirectoryPlace& place : *places) {
    auto object = described(services, place);
    if (!object.has_value()) {
      return refuse(object.error());
    }
    directories.emplace_back(*std::move(object));
  }
  return answer(json::serialize(json::object{{"directories", std::move(directories)}}));
}

// The organization that is meant: the one that is named, or the only one there is.
std::expected<std::string, Problem> organization_of(const ApiServices& services,
                                                    const ApiRequest& request,
                                                    const std::optional<std::string>& named) {
  const auto organizations = visible_organizations(services, request);
  if (!named.has_value()) {
    if (organizations.size() == 1) {
      return organizations.front()->name;
    }
    return refuse_request("there are several organizations; name one", "/organization");
  }
  if (std::ranges::find(organizations, *named, &OrganizationSettings::name) ==
      organizations.end()) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "there is no organization " + *named + " in directory.yaml"});
  }
  return *named;
}

policy::Result<void> add(const ApiServices& services,
                         const DirectoryKey& key,
                         const GivenDirectory& given,
                         const Actor& actor) {
  if (!given.file.empty()) {
    if (auto written = write_secret_file(given.file, given.secret); !written.has_value()) {
      return written;
    }
  }
  return services.records->add_directory({.key = key, .settings = given.settings}, actor);
}

ApiResult add_directory(const ApiServices& services, const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  const auto named = fields->text("organization");
  // JSON is YAML: what is stored is what directory.yaml would say.
  const std::string text = fields->rest();
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  const auto organization = organization_of(services, request, named);
  if (!organization.has_value()) {
    return std::unexpected{organization.error()};
  }
  const DirectoryFolders folders = folders_of(services);
  const auto given = take_directory(text, request.principal, folders);
  if (!given.has_value()) {
    return std::unexpected{given.error()};
  }
  const auto settings = parse_directory_settings(given->settings, services.folder);
  if (!settings.has_value()) {
    return refuse(settings.error());
  }
  const DirectoryKey key{.organization = *organization, .directory = settings->name};
  if (find_directory(services, request, key).has_value()) {
    return refuse_existing("there is a directory " + key.organization + "/" + key.directory +
                           " already; give this one another name");
  }
  const auto added = add(services, key, *given, request.actor);
  if (!added.has_value()) {
    remove_secret_of(given->settings, folders);
    return refuse(added.error());
  }
  services.control->configuration_changed();
  return answer(
      json::serialize(json::object{
          {"organization", key.organization}, {"name", key.directory}, {"declared", false}}),
      kCreated);
}

ApiResult remove_directory(const ApiServices& services, const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  const DirectoryKey key = place->key();
  if (place->directory->is_declared) {
    return refuse_conflict("directory.yaml declares " + key.organization + "/" + key.directory +
                           " under organizations; remove it there");
  }
  if (has_running_job(*services.jobs, key)) {
    return refuse({.code = policy::ErrorCode::kBusy,
                   .message = name_of(key) +
                              " is being worked on; wait until that has ended, or cancel the job"});
  }
  if (auto clear = refuse_applied_connectors(services, key); !clear.has_value()) {
    return std::unexpected{std::move(clear).error()};
  }
  const auto removed = services.records->remove_directory(key, request.actor);
  if (!removed.has_value()) {
    return refuse(removed.error());
  }
  remove_secret_of(*removed, folders_of(services));
  if (auto forgotten = services.content->forget(key); !forgotten.has_value()) {
    return refuse(forgotten.error());
  }
  services.control->configuration_changed();
  return answer(json::serialize(json::object{{"removed", true}}));
}

ApiResult begin_sync(const ApiServices& services,
                     const DirectoryKey& key,
                     const SyncRequest& wanted) {
  const auto job = services.control->start_sync(key, wanted);
  if (!job.has_value()) {
    return refuse(job.error());
  }
  return answer(json::serialize(json::object{{"job", *job}}),
                kAccepted,
                "/api/v1/jobs/" + std::to_string(*job));
}

ApiResult sync_directory(const ApiServices& services, const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  SyncRequest wanted;
  wanted.full = fields->boolean("full").value_or(false);
  wanted.accept_shrink = fields->boolean("accept_shrink").value_or(false);
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  const auto place = requested_directory(services, request);
  return place.has_value() ? begin_sync(services, place->key(), wanted)
                           : ApiResult{refuse(place.error())};
}

ApiResult provision_directory(const ApiServices& services, const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  SyncRequest wanted{.full = false, .accept_shrink = false, .provision = true};
  wanted.accept_shrink = fields->boolean("accept_shrink").value_or(false);
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  const auto place = requested_directory(services, request);
  return place.has_value() ? begin_sync(services, place->key(), wanted)
                           : ApiResult{refuse(place.error())};
}

ApiResult authorize_directory(const ApiServices& services, const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  const auto url = services.control->authorization_url(place->key());
  if (!url.has_value()) {
    return refuse(url.error());
  }
  return answer(json::serialize(json::object{{"url", *url}}));
}

}  // namespace

std::vector<Route> directory_routes() {
  return {
      {Access::kRead, "GET", "directories", &list_directories, {"name"}},
      {Access::kAdmin, "POST", "directories", &add_directory},
      {Access::kAdmin, "DELETE", "directories/{}/{}", &remove_directory},
      begins_job({Access::kOperate, "POST", "directories/{}/{}/sync", &sync_directory}),
      begins_job({Access::kOperate, "POST", "directories/{}/{}/provision", &provision_directory}),
      {Access::kAdmin, "POST", "directories/{}/{}/authorization", &authorize_directory}};
}

}  // namespace directory
