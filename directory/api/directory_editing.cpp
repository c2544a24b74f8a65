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
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/secret_files.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// What needs no other set of people.
constexpr std::array<std::string_view, 4> kEditable{"credential", "features", "path", "sync"};

json::array to_json(const std::vector<std::string>& texts) {
  json::array array(texts.begin(), texts.end());
  return array;
}

json::value targets_json(const SyncSettings& sync) {
  json::value targets = "all";
  if (sync.targets.has_value()) {
    targets = json::object{{"people", to_json(sync.targets->people)},
                           {"groups", to_json(sync.targets->groups)}};
  }
  return targets;
}

// Which kind of credential there is; never what it is.
std::string_view credential_word(const DirectorySettings& settings) {
  const auto* office365 = std::get_if<Office365Source>(&settings.source);
  if (office365 == nullptr) {
    return "none";
  }
  return office365->application.credential.secret.empty() ? "certificate" : "secret";
}

Answer settings_answer(const DirectoryKey& key, const DirectorySettings& settings) {
  json::object object{{"organization", key.organization},
                      {"name", key.directory},
                      {"declared", settings.is_declared},
                      {"credential", credential_word(settings)},
                      {"max_shrink", settings.sync.max_shrink}};
  add_source(object, settings);
  add_schedule(object, settings.sync);
  object["targets"] = targets_json(settings.sync);
  return answer(json::serialize(object));
}

ApiResult show_directory(const ApiServices& services, const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  return settings_answer(place->key(), *place->directory);
}

// The directory that the request names, if it can be changed here and now.
std::expected<DirectoryKey, Problem> changeable_directory(const ApiServices& services,
                                                          const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  const DirectoryKey key = place->key();
  const std::string name = key.organization + "/" + key.directory;
  if (place->directory->is_declared) {
    return refuse_conflict("directory.yaml declares " + name +
                           " under organizations; change it there");
  }
  if (is_syncing(*services.jobs, key)) {
    return refuse({.code = policy::ErrorCode::kBusy,
                   .message = name + " is being synced; wait until that has ended"});
  }
  return place->key();
}

// What the request changes, with a secret taken out of it.
std::expected<GivenDirectory, Problem> requested_change(const ApiServices& services,
                                                        const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  const std::string text = fields->rest();
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  const json::value change = json::parse(text);
  for (const auto& [field, value] : change.as_object()) {
    const std::string name{field};
    if (std::ranges::find(kEditable, name) == kEditable.end()) {
      return refuse_request("'" + name +
                                "' cannot be changed; remove the directory and add it anew, or "
                                "change one of credential, features, path and sync",
                            "/" + name);
    }
    if ((name == "credential" || name == "sync") && !value.is_object()) {
      return refuse_request("'" + name + "' must be an object", "/" + name);
    }
  }
  return take_directory(text, request.principal, folders_of(services));
}

// Parts of `sync` stay unless they are given, and null takes one back to its default.
void change_sync(json::value& settings, const json::object& change) {
  json::object& sync = settings.is_object() ? settings.get_object() : settings.emplace_object();
  for (const auto& [part, wanted] : change) {
    if (wanted.is_null()) {
      sync.erase(part);
    } else {
      sync[part] = wanted;
    }
  }
}

// The settings as they were, with the change.
std::string changed_settings(const std::string& before, const std::string& change) {
  json::value settings = json::parse(before);
  json::object& object = settings.as_object();
  const json::value parts = json::parse(change);
  for (const auto& [name, value] : parts.as_object()) {
    if (name == "sync") {
      change_sync(object[name], value.as_object());
    } else {
      object[name] = value;
    }
  }
  return json::serialize(settings);
}

policy::Result<std::string> stored_settings(const Records& records, const DirectoryKey& key) {
  const auto all = records.directories();
  if (!all.has_value()) {
    return std::unexpected{all.error()};
  }
  const auto found = std::ranges::find(*all, key, &AddedDirectory::key);
  if (found == all->end()) {
    return policy::fail(
        policy::ErrorCode::kNotFound,
        "no directory " + key.organization + "/" + key.directory + " was added here");
  }
  return found->settings;
}

policy::Result<std::string> store(const ApiServices& services,
                                  const AddedDirectory& changed,
                                  const GivenDirectory& given,
                                  const Actor& actor) {
  if (!given.file.empty()) {
    if (auto written = write_secret_file(given.file, given.secret); !written.has_value()) {
      return std::unexpected{std::move(written).error()};
    }
  }
  auto before = services.records->change_directory(changed, actor);
  if (!before.has_value()) {
    remove_secret_of(given.settings, folders_of(services));
  } else if (!given.file.empty()) {
    remove_secret_of(*before, folders_of(services));
  }
  return before;
}

ApiResult change_directory(const ApiServices& services, const ApiRequest& request) {
  const auto key = changeable_directory(services, request);
  if (!key.has_value()) {
    return std::unexpected{key.error()};
  }
  const auto given = requested_change(services, request);
  if (!given.has_value()) {
    return std::unexpected{given.error()};
  }
  const auto before = stored_settings(*services.records, *key);
  if (!before.has_value()) {
    return refuse(before.error());
  }
  const AddedDirectory changed{.key = *key, .settings = changed_settings(*before, given->settings)};
  const auto settings = parse_directory_settings(changed.settings, services.folder);
  if (!settings.has_value()) {
    return refuse(settings.error());
  }
  if (!has_feature(*settings, Feature::kProvision)) {
    if (auto clear = refuse_applied_connectors(services, *key); !clear.has_value()) {
      return std::unexpected{std::move(clear).error()};
    }
  }
  if (changed.settings != *before) {
    const auto stored = store(services, changed, *given, request.actor);
    if (!stored.has_value()) {
      return refuse(stored.error());
    }
    services.control->configuration_changed();
  }
  return settings_answer(*key, *settings);
}

}  // namespace

std::vector<Route> directory_editing_routes() {
  return {{Access::kRead, "GET", "directories/{}/{}", &show_directory},
          edits({Access::kAdmin, "PATCH", "directories/{}/{}", &change_directory})};
}

}  // namespace directory
