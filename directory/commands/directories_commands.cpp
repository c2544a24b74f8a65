// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/confirmation.h"
#include "directory/commands/found_names.h"
#include "directory/commands/job_progress.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

void put_texts(json::object& object, std::string_view key, const std::vector<std::string>& texts) {
  object[key] = json::array(texts.begin(), texts.end());
}

void put_credential(json::object& object, const AdminOptions& options) {
  json::object credential;
  for (const std::string_view key : {"certificate", "secret"}) {
    if (options.has(key)) {
      credential[key] = options.value(key);
    }
  }
  if (!credential.empty()) {
    object["credential"] = std::move(credential);
  }
}

// The options of `directories add` as the keys that directory.yaml would have.
json::object declaration_of(const AdminOptions& options) {
  json::object object{{"name", options.arguments.at(0)}};
  for (const auto& [option, key] : {std::pair{"organization", "organization"},
                                    std::pair{"type", "type"},
                                    std::pair{"path", "path"},
                                    std::pair{"tenant", "tenant"},
                                    std::pair{"client-id", "client_id"},
                                    std::pair{"cloud", "cloud"}}) {
    if (options.has(option)) {
      object[key] = options.value(option);
    }
  }
  put_credential(object, options);
  if (options.has("feature")) {
    put_texts(object, "features", options.values.at("feature"));
  }
  return object;
}

json::object sync_of(const AdminOptions& options) {
  json::object sync;
  for (const auto& [option, key] : {std::pair{"every", "every"},
                                    std::pair{"first", "first"},
                                    std::pair{"max-shrink", "max_shrink"}}) {
    if (options.has(option)) {
      sync[key] = options.value(option);
    }
  }
  json::object targets;
  if (options.has("target-person")) {
    put_texts(targets, "people", options.values.at("target-person"));
  }
  if (options.has("target-group")) {
    put_texts(targets, "groups", options.values.at("target-group"));
  }
  if (!targets.empty()) {
    sync["targets"] = std::move(targets);
  } else if (options.has("all-targets")) {
    sync["targets"] = "all";
  }
  return sync;
}

}  // namespace

void directories_list(AdminSession& session, const AdminOptions& options) {
  const auto parsed = to_show(session.get("/api/v1/directories"), options);
  if (!parsed.has_value()) {
    return;
  }
  TextTable table{
      {"DIRECTORY", "TYPE", "ADDED BY", "PEOPLE", "GROUPS", "LAST SYNC", "NEXT SYNC", "STATE"}};
  for (const json::value& each : parsed->at("directories").as_array()) {
    const std::string failure = text_of(each, "last_failure");
    const std::int64_t next = number_of(each, "next_sync");
    table.add({text_of(each, "organization") + "/" + text_of(each, "name"),
               text_of(each, "type"),
               each.at("declared").as_bool() ? "directory.yaml" : "command",
               std::to_string(number_of(each, "people")),
               std::to_string(number_of(each, "groups")),
               shown_time(number_of(each, "last_success")),
               next == 0 ? "-" : shown_time(next),
               text_of(each, "state") + (failure.empty() ? "" : ": " + failure)});
  }
  table.print();
}

void directories_add(AdminSession& session, const AdminOptions& options) {
  json::object declaration = declaration_of(options);
  json::object sync = sync_of(options);
  if (!sync.empty()) {
    declaration["sync"] = std::move(sync);
  }
  const auto added =
      to_show(session.send("POST", "/api/v1/directories", json::serialize(declaration)), options);
  if (!added.has_value()) {
    return;
  }
  print_line("added " + text_of(*added, "organization") + "/" + text_of(*added, "name"));
}

void directories_edit(AdminSession& session, const AdminOptions& options) {
  json::object change;
  put_credential(change, options);
  if (options.has("path")) {
    change["path"] = options.value("path");
  }
  if (options.has("feature")) {
    put_texts(change, "features", options.values.at("feature"));
  }
  json::object sync = sync_of(options);
  if (!sync.empty()) {
    change["sync"] = std::move(sync);
  }
  if (change.empty()) {
    session.fail(ExitStatus::kUsage, "say what to change: see directories edit --help");
    return;
  }
  const auto found = find_directory(session, options.arguments.at(0));
  if (!found.has_value()) {
    return;
  }
  const auto body = session.send("PATCH", found->path("directories"), json::serialize(change));
  if (to_show(body, options).has_value()) {
    print_line("changed " + found->organization + "/" + found->directory);
  }
}

void directories_authorize(AdminSession& session, const AdminOptions& options) {
  const auto found = find_directory(session, options.arguments.at(0));
  const auto body = found.has_value()
                        ? session.send("POST", found->path("directories", {"authorization"}))
                        : std::nullopt;
  if (body.has_value()) {
    const bool is_json = options.has("json");
    fmt::print("{}\n", is_json ? *body : text_of(json::parse(*body), "url"));
  }
}

void directories_remove(AdminSession& session, const AdminOptions& options) {
  const auto found = find_directory(session, options.arguments.at(0));
  if (!found.has_value() ||
      !is_confirmed(session,
                    options,
                    "removing " + found->organization + "/" + found->directory +
                        " removes what was protected in it too")) {
    return;
  }
  if (to_show(session.send("DELETE", found->path("directories")), options).has_value()) {
    print_line("removed " + found->organization + "/" + found->directory);
  }
}

void directories_sync(AdminSession& session, const AdminOptions& options) {
  const auto found = find_directory(session, options.arguments.at(0));
  if (found.has_value()) {
    begin_job(session,
              options,
              found->path("directories", {"sync"}),
              json::serialize(json::object{{"full", options.has("full")},
                                           {"accept_shrink", options.has("accept-shrink")}}));
  }
}

void directories_provision(AdminSession& session, const AdminOptions& options) {
  const auto found = find_directory(session, options.arguments.at(0));
  if (found.has_value()) {
    begin_job(session,
              options,
              found->path("directories", {"provision"}),
              json::serialize(json::object{{"accept_shrink", options.has("accept-shrink")}}));
  }
}

}  // namespace directory
