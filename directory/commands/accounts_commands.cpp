// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/password_input.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

std::string organizations_of(const json::value& value) {
  const json::value& organizations = value.at("organizations");
  if (organizations.is_null()) {
    return "all";
  }
  std::string text;
  for (const json::value& each : organizations.as_array()) {
    text += (text.empty() ? "" : ", ") + std::string{each.as_string()};
  }
  return text;
}

// Prints what has been done: with --json the answer, else a sentence.
void report(const std::optional<std::string>& body,
            const AdminOptions& options,
            const std::string& sentence) {
  if (!body.has_value()) {
    return;
  }
  print_line(options.has("json") ? *body : sentence);
}

void put_organizations(json::object& object, const AdminOptions& options) {
  const auto found = options.values.find("organization");
  if (found != options.values.end()) {
    object["organizations"] = json::array(found->second.begin(), found->second.end());
  }
}

void set_disabled(AdminSession& session, const AdminOptions& options, bool is_disabled) {
  const std::string& name = options.arguments.at(0);
  const json::object body{{"disabled", is_disabled}};
  report(session.send("PATCH", api_path({"accounts", name}), json::serialize(body)),
         options,
         "account " + name + (is_disabled ? " is disabled" : " is enabled"));
}

// The time so many days from now, as text of a whole number; nothing if it is none.
std::optional<std::int64_t> end_after(const std::string& days) {
  constexpr std::int64_t kMostDays = 3650;
  std::int64_t count = 0;
  const auto read = std::from_chars(days.data(), days.data() + days.size(), count);
  if (read.ec != std::errc{} || read.ptr != days.data() + days.size() || count < 1 ||
      count > kMostDays) {
    return std::nullopt;
  }
  const auto end = std::chrono::system_clock::now() + std::chrono::hours{24} * count;
  return std::chrono::duration_cast<std::chrono::seconds>(end.time_since_epoch()).count();
}

}  // namespace

void accounts_list(AdminSession& session, const AdminOptions& options) {
  const auto parsed = to_show(session.get("/api/v1/accounts"), options);
  if (!parsed.has_value()) {
    return;
  }
  TextTable table{{"NAME", "DISPLAY NAME", "ROLE", "ORGANIZATIONS", "LAST SIGN-IN", "STATE"}};
  for (const json::value& each : parsed->at("accounts").as_array()) {
    const bool is_enabled = !each.at("disabled").as_bool();
    table.add({text_of(each, "name"),
               text_of(each, "display_name"),
               text_of(each, "role"),
               organizations_of(each),
               shown_time(number_of(each, "last_sign_in")),
               is_enabled ? "enabled" : "disabled"},
              is_enabled);
  }
  table.print();
}

void accounts_add(AdminSession& session, const AdminOptions& options) {
  const std::string& name = options.arguments.at(0);
  if (!options.has("role")) {
    session.fail(policy::ExitStatus::kUsage, "name the role: --role viewer, operator or admin");
    return;
  }
  const auto password = read_new_password(session, options);
  if (!password.has_value()) {
    return;
  }
  json::object body{{"name", name}, {"password", *password}, {"role", options.value("role")}};
  if (options.has("display-name")) {
    body["display_name"] = options.value("display-name");
  }
  put_organizations(body, options);
  report(session.send("POST", "/api/v1/accounts", json::serialize(body)),
         options,
         "account " + name + " is made");
}

void accounts_remove(AdminSession& session, const AdminOptions& options) {
  const std::string& name = options.arguments.at(0);
  report(session.send("DELETE", api_path({"accounts", name})),
         options,
         "account " + name + " and its tokens are removed");
}

void accounts_password(AdminSession& session, const AdminOptions& options) {
  const std::string& name = options.arguments.at(0);
  const auto password = read_new_password(session, options);
  if (!password.has_value()) {
    return;
  }
  const json::object body{{"password", *password}};
  report(session.send("PUT", api_path({"accounts", name, "password"}), json::serialize(body)),
         options,
         "account " + name + " has a new password and is signed out everywhere");
}

void accounts_disable(AdminSession& session, const AdminOptions& options) {
  set_disabled(session, options, true);
}

void accounts_enable(AdminSession& session, const AdminOptions& options) {
  set_disabled(session, options, false);
}

void tokens_list(AdminSession& session, const AdminOptions& options) {
  const auto parsed = to_show(session.get("/api/v1/tokens"), options);
  if (!parsed.has_value()) {
    return;
  }
  TextTable table{{"ID", "NAME", "ACCOUNT", "SCOPE", "ORGANIZATIONS", "EXPIRES", "LAST USED"}};
  for (const json::value& each : parsed->at("tokens").as_array()) {
    table.add({text_of(each, "id"),
               text_of(each, "name"),
               text_of(each, "account"),
               text_of(each, "scope"),
               organizations_of(each),
               shown_time(number_of(each, "expires")),
               shown_time(number_of(each, "last_used"))});
  }
  table.print();
}

void tokens_add(AdminSession& session, const AdminOptions& options) {
  json::object body{{"name", options.arguments.at(0)},
                    {"account", options.value("account")},
                    {"scope", options.has("scope") ? options.value("scope") : "read"}};
  put_organizations(body, options);
  if (options.has("days")) {
    const auto end = end_after(options.value("days"));
    if (!end.has_value()) {
      session.fail(policy::ExitStatus::kUsage, "--days takes a number from 1 to 3650");
      return;
    }
    body["expires"] = *end;
  }
  const auto answer = session.send("POST", "/api/v1/tokens", json::serialize(body));
  if (!answer.has_value()) {
    return;
  }
  fmt::print(stderr, "This is shown once:\n");
  print_line(options.has("json") ? *answer : text_of(json::parse(*answer), "secret"));
}

void tokens_revoke(AdminSession& session, const AdminOptions& options) {
  const std::string& id = options.arguments.at(0);
  report(session.send("DELETE", api_path({"tokens", id})), options, "token " + id + " is revoked");
}

void make_set_up_link(AdminSession& session, const AdminOptions& options) {
  const auto shown = to_show(session.send("POST", "/api/v1/setup-link"), options);
  if (!shown.has_value()) {
    return;
  }
  const std::string link = text_of(*shown, "link");
  if (link.starts_with('/')) {
    fmt::print(stderr,
               "Open this path of the console (api.public_url in directory.yaml names it):\n");
  }
  print_line(link);
}

}  // namespace directory
