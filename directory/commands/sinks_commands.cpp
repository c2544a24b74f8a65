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

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

// What a person wants to know of a sink at a glance.
std::string state_of(const json::value& sink) {
  if (sink.at("off").as_bool()) {
    return "off: " + text_of(sink, "last_error");
  }
  const std::string error = text_of(sink, "last_error");
  return error.empty() ? "works" : "fails: " + error;
}

}  // namespace

void show_sinks(AdminSession& session, const AdminOptions& options) {
  const auto answer = to_show(session.get("/api/v1/notifications/sinks"), options);
  if (!answer.has_value()) {
    return;
  }
  TextTable table{{"NAME", "KIND", "WHERE TO", "LAST DELIVERED", "WAITING", "SKIPPED", "STATE"}};
  for (const json::value& sink : answer->at("sinks").as_array()) {
    table.add({text_of(sink, "name"),
               text_of(sink, "kind"),
               text_of(sink, "target"),
               shown_time(number_of(sink, "last_success")),
               std::to_string(number_of(sink, "waiting")),
               std::to_string(number_of(sink, "skipped")),
               state_of(sink)});
  }
  table.print();
}

void test_sinks(AdminSession& session, const AdminOptions& options) {
  json::object request;
  if (options.arguments.size() > 1) {
    request["sink"] = options.arguments.at(1);
  }
  const auto body = session.send("POST", "/api/v1/notifications/test", json::serialize(request));
  if (!body.has_value()) {
    return;
  }
  const json::value answer = json::parse(*body);
  const json::array& tests = answer.at("tests").as_array();
  TextTable table{{"NAME", "KIND", "TAKEN", "WHAT CAME BACK"}};
  bool are_taken = true;
  for (const json::value& test : tests) {
    const bool is_taken = test.at("taken").as_bool();
    are_taken = are_taken && is_taken;
    table.add({text_of(test, "sink"),
               text_of(test, "kind"),
               is_taken ? "yes" : "no",
               text_of(test, "detail")});
  }
  if (options.has("json")) {
    fmt::print("{}\n", *body);
  } else {
    table.print();
  }
  if (tests.empty()) {
    session.fail(policy::ExitStatus::kConfiguration,
                 "there is nowhere to send to; add 'notify' to directory.yaml");
  } else if (!are_taken) {
    session.fail(policy::ExitStatus::kUnavailable, "not every test has arrived");
  }
}

}  // namespace directory
