// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
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

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

std::string paged(const std::string& name, const AdminOptions& options) {
  return with_options(api_path({name}), options, {"limit", "before"});
}

void say_what_is_next(const json::value& answer) {
  if (!answer.at("next").is_null()) {
    fmt::print(stderr, "go on with --before {}\n", json::serialize(answer.at("next")));
  }
}

// One value of the status; some numbers are times.
std::string shown_state(std::string_view name, const json::value& value) {
  if (name == "published" || name == "newest_detection") {
    return shown_time(value.to_number<std::int64_t>());
  }
  const std::string shown =
      value.is_string() ? std::string{value.as_string()} : json::serialize(value);
  return shown.empty() ? "none" : shown;
}

}  // namespace

void show_permissions(AdminSession& session, const AdminOptions& options) {
  const auto answer =
      to_show(session.get(with_options("/api/v1/permissions", options, {"directory"})), options);
  if (!answer.has_value()) {
    return;
  }
  TextTable table{{"DIRECTORY", "FEATURE", "PERMISSION", "WHAT FOR", "CONSENT BY", "GRANTED"}};
  for (const json::value& directory : answer->at("directories").as_array()) {
    const std::string name =
        fmt::format("{}/{}", text_of(directory, "organization"), text_of(directory, "directory"));
    const std::string failure = text_of(directory, "failure");
    if (!failure.empty()) {
      session.fail(policy::ExitStatus::kUnavailable, fmt::format("{}: {}", name, failure));
    }
    for (const json::value& each : directory.at("permissions").as_array()) {
      const bool is_granted = each.at("granted").as_bool();
      table.add({name,
                 text_of(each, "feature"),
                 text_of(each, "permission"),
                 text_of(each, "purpose"),
                 text_of(each, "admin_role"),
                 is_granted ? "granted" : "missing"},
                is_granted);
    }
  }
  table.print();
}

void show_notifications(AdminSession& session, const AdminOptions& options) {
  const std::string what = options.arguments.empty() ? "" : options.arguments.front();
  if (what == "sinks") {
    show_sinks(session, options);
    return;
  }
  if (what == "test") {
    test_sinks(session, options);
    return;
  }
  if (!what.empty()) {
    session.fail(policy::ExitStatus::kUsage, "after 'notifications' comes sinks, test or nothing");
    return;
  }
  const auto answer = to_show(session.get(paged("notifications", options)), options);
  if (!answer.has_value()) {
    return;
  }
  TextTable table{{"TIME", "LEVEL", "DIRECTORY", "WHAT"}};
  for (const json::value& each : answer->at("notifications").as_array()) {
    const std::string advice = text_of(each, "advice");
    table.add({shown_time(each.at("last").to_number<std::int64_t>()),
               each.at("resolved").as_bool() ? "resolved" : text_of(each, "level"),
               text_of(each, "organization") + "/" + text_of(each, "directory"),
               text_of(each, "text") + (advice.empty() ? "" : " " + advice)});
  }
  table.print();
  say_what_is_next(*answer);
}

void show_audit(AdminSession& session, const AdminOptions& options) {
  const auto answer = to_show(session.get(paged("audit", options)), options);
  if (!answer.has_value()) {
    return;
  }
  TextTable table{{"TIME", "WHO", "ACTION", "SUBJECT", "BEFORE", "AFTER"}};
  for (const json::value& each : answer->at("audit").as_array()) {
    table.add({shown_time(each.at("time").to_number<std::int64_t>()),
               text_of(each, "who"),
               text_of(each, "action"),
               text_of(each, "subject"),
               text_of(each, "before"),
               text_of(each, "after")});
  }
  table.print();
  say_what_is_next(*answer);
}

void show_status(AdminSession& session, const AdminOptions& options) {
  const auto answer = to_show(session.get("/api/v1/status"), options);
  if (!answer.has_value()) {
    return;
  }
  TextTable table{{"WHAT", "STATE"}};
  for (const auto& [name, value] : answer->as_object()) {
    if (!value.is_object()) {
      table.add({std::string{name}, shown_state(name, value)});
      continue;
    }
    for (const auto& [part, of_part] : value.as_object()) {
      table.add({std::string{name} + " " + std::string{part}, shown_state(part, of_part)});
    }
  }
  table.print();
}

void export_additions(AdminSession& session, const AdminOptions& options) {
  const auto answer = to_show(session.get("/api/v1/export"), options);
  if (answer.has_value()) {
    fmt::print("{}", text_of(*answer, "yaml"));
  }
}

}  // namespace directory
