// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/confirmation.h"
#include "directory/commands/job_progress.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

json::object body_of(const AdminOptions& options) {
  json::object body;
  if (options.has("directory")) {
    body["directory"] = options.value("directory");
  }
  return body;
}

std::optional<std::string> ask(AdminSession& session,
                               const AdminOptions& options,
                               std::string_view what) {
  return session.send(
      "POST", api_path({"connectors", std::string{what}}), json::serialize(body_of(options)));
}

// `Enabled: false -> true`
std::string describe(const json::value& change) {
  return fmt::format("{}: {} -> {}",
                     text_of(change, "property"),
                     json::serialize(change.at("from")),
                     json::serialize(change.at("to")));
}

void print_object(const json::value& object) {
  print_line(fmt::format(
      "{:9} {} '{}'", text_of(object, "action"), text_of(object, "kind"), text_of(object, "name")));
  if (text_of(object, "action") == "create") {
    for (const auto& [property, value] : object.at("properties").as_object()) {
      print_line(
          fmt::format("            {}: {}", std::string_view{property}, json::serialize(value)));
    }
  }
  for (const json::value& change : object.at("changes").as_array()) {
    print_line("            " + describe(change));
  }
  if (const std::string reason = text_of(object, "reason"); !reason.empty()) {
    print_line("            " + reason);
  }
}

void print_warnings(const json::value& plan) {
  for (const json::value& warning : plan.at("warnings").as_array()) {
    print_line("note:     " + text_of(warning, "text"));
  }
}

void print_plan(const json::value& plan) {
  for (const json::value& object : plan.at("objects").as_array()) {
    print_object(object);
  }
  print_warnings(plan);
  print_line("plan " + text_of(plan, "id") +
             (plan.at("fulfilled").as_bool() ? ": nothing to do" : ""));
}

void print_standing(const json::value& each, TextTable& table) {
  const bool is_applied = each.at("applied").as_bool();
  table.add({text_of(each, "organization") + "/" + text_of(each, "directory"),
             is_applied ? "there" : "not there",
             each.at("inbound_enabled").as_bool() ? "enabled" : "disabled",
             each.at("locked").as_bool() ? "locked" : "open",
             each.at("outbound_enabled").as_bool() ? "enabled" : "disabled",
             shown_time(each.at("last_verified").as_int64()),
             text_of(each, "drift")});
}

// Prints what is as it should be after a step.
void print_done(const AdminOptions& options,
                const std::optional<std::string>& body,
                std::string_view what) {
  if (!body.has_value()) {
    return;
  }
  print_line(options.has("json") ? std::string_view{*body} : what);
}

// Whether all of them are met.
bool print_requirements(const std::string& body) {
  const json::value checked = json::parse(body);
  for (const json::value& each : checked.at("requirements").as_array()) {
    print_line((each.at("met").as_bool() ? "ok        " : "missing   ") + text_of(each, "text"));
  }
  return checked.at("met").as_bool();
}

// Shows what a step needs, so that the yes is said by somebody who has seen it.
bool shows_requirements(AdminSession& session, const AdminOptions& options, std::string_view step) {
  if (options.has("json") || options.has("yes")) {
    return true;
  }
  const auto body = session.get(with_options(
      with_parameter("/api/v1/connectors/requirements", "step", step), options, {"directory"}));
  if (body.has_value()) {
    print_requirements(*body);
  }
  return body.has_value();
}

void take_step(AdminSession& session,
               const AdminOptions& options,
               std::string_view step,
               const std::string& question,
               std::string_view done) {
  if (shows_requirements(session, options, step) && is_confirmed(session, options, question)) {
    print_done(options, ask(session, options, step), done);
  }
}

}  // namespace

void connectors_list(AdminSession& session, const AdminOptions& options) {
  const auto body = session.get("/api/v1/connectors");
  if (!body.has_value()) {
    return;
  }
  if (options.has("json")) {
    print_line(*body);
    return;
  }
  TextTable table{{"DIRECTORY", "CONNECTORS", "INBOUND", "LOCK", "OUTBOUND", "VERIFIED", "DRIFT"}};
  const json::value listed = json::parse(*body);
  for (const json::value& each : listed.at("connectors").as_array()) {
    print_standing(each, table);
  }
  table.print();
}

void connectors_plan(AdminSession& session, const AdminOptions& options) {
  const auto body = ask(session, options, "plan");
  if (!body.has_value()) {
    return;
  }
  if (options.has("json")) {
    print_line(*body);
  } else {
    print_plan(json::parse(*body));
  }
}

void connectors_apply(AdminSession& session, const AdminOptions& options) {
  json::object body = body_of(options);
  if (options.has("plan")) {
    body["plan"] = options.value("plan");
  } else {
    const auto planned = ask(session, options, "plan");
    if (!planned.has_value()) {
      return;
    }
    const json::value plan = json::parse(*planned);
    if (!options.has("json")) {
      print_plan(plan);
    }
    body["plan"] = text_of(plan, "id");
  }
  if (is_confirmed(session, options, "this changes connectors and rules in Exchange Online")) {
    begin_job(session, options, api_path({"connectors", "apply"}), json::serialize(body));
  }
}

void connectors_enable_inbound(AdminSession& session, const AdminOptions& options) {
  take_step(session,
            options,
            "enable-inbound",
            "mail from the gateway will come in through the inbound connector",
            "the inbound connector is enabled");
}

void connectors_lock(AdminSession& session, const AdminOptions& options) {
  take_step(session,
            options,
            "lock",
            "Exchange will reject all mail from the Internet that does not come through the "
            "gateway, also that of devices and services which send to the tenant directly",
            "locked: mail comes in through the gateway alone");
}

void connectors_unlock(AdminSession& session, const AdminOptions& options) {
  take_step(session,
            options,
            "unlock",
            "Exchange will take mail from everywhere again, past the gateway",
            "unlocked: mail may come in from everywhere");
}

void connectors_enable_outbound(AdminSession& session, const AdminOptions& options) {
  take_step(session,
            options,
            "enable-outbound",
            "all mail of the tenant will leave through the gateway",
            "the tenant's mail leaves through the gateway");
}

void connectors_disable_outbound(AdminSession& session, const AdminOptions& options) {
  take_step(session,
            options,
            "disable-outbound",
            "mail of the tenant will leave directly again",
            "the tenant's mail leaves directly");
}

void connectors_verify(AdminSession& session, const AdminOptions& options) {
  const auto body = ask(session, options, "verify");
  if (!body.has_value()) {
    return;
  }
  const json::value plan = json::parse(*body);
  if (options.has("json")) {
    print_line(*body);
  } else {
    print_plan(plan);
  }
  if (!plan.at("fulfilled").as_bool()) {
    session.fail(ExitStatus::kBadData,
                 "Exchange is not as it should be; see: fromguard-directory connectors plan");
  }
}

void connectors_remove(AdminSession& session, const AdminOptions& options) {
  if (is_confirmed(session,
                   options,
                   "this unlocks the tenant and removes the connectors and rules that fromguard "
                   "made in it")) {
    print_done(options, ask(session, options, "remove"), "everything of fromguard's is removed");
  }
}

void connectors_script(AdminSession& session, const AdminOptions& options) {
  const auto body = session.get(with_options("/api/v1/connectors/script", options, {"directory"}));
  if (!body.has_value()) {
    return;
  }
  if (options.has("json")) {
    print_line(json::serialize(json::object{{"script", *body}}));
  } else {
    fmt::print("{}", *body);
  }
}

void connectors_preflight(AdminSession& session, const AdminOptions& options) {
  const auto body =
      session.get(with_options("/api/v1/connectors/preflight", options, {"directory"}));
  if (!body.has_value()) {
    return;
  }
  const bool is_met =
      options.has("json") ? json::parse(*body).at("met").as_bool() : print_requirements(*body);
  if (options.has("json")) {
    print_line(*body);
  }
  if (!is_met) {
    session.fail(ExitStatus::kDenied, "a role of the application is missing");
  }
}

}  // namespace directory
