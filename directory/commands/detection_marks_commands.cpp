// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/text_table.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

void print_marks(const json::value& answer) {
  TextTable table{{"MARKED", "VERDICT", "BY", "PERSON", "ADDRESS", "NOTE", "ID"}};
  for (const json::value& each : answer.at("detections").as_array()) {
    const json::value& mark = each.at("mark");
    table.add({shown_time(mark.at("time").to_number<std::int64_t>()),
               text_of(mark, "verdict"),
               text_of(mark, "who"),
               text_of(each, "person"),
               text_of(each, "address"),
               text_of(mark, "note"),
               text_of(each, "id")});
  }
  table.print();
  if (answer.at("next").is_string()) {
    fmt::print(stderr, "go on with --before {}\n", text_of(answer, "next"));
  }
}

}  // namespace

void detections_mark(AdminSession& session, const AdminOptions& options) {
  const json::object request{{"verdict", options.arguments.at(1)}, {"note", options.value("note")}};
  const auto shown = to_show(session.send("PUT",
                                          api_path({"detections", options.arguments.at(0), "mark"}),
                                          json::serialize(request)),
                             options);
  if (!shown.has_value()) {
    return;
  }
  print_line(fmt::format("{} is marked {}.", options.arguments.at(0), options.arguments.at(1)));
}

void detections_unmark(AdminSession& session, const AdminOptions& options) {
  const auto shown = to_show(
      session.send("DELETE", api_path({"detections", options.arguments.at(0), "mark"})), options);
  if (!shown.has_value()) {
    return;
  }
  print_line(fmt::format("{} has no mark any more.", options.arguments.at(0)));
}

void detections_marks(AdminSession& session, const AdminOptions& options) {
  if (options.has("export")) {
    const auto rows = session.get(
        with_options("/api/v1/detections/marks/export", options, {"verdict", "organization"}));
    if (rows.has_value()) {
      fmt::print("{}", *rows);
    }
    return;
  }
  const auto shown = to_show(
      session.get(with_options(
          "/api/v1/detections/marks", options, {"verdict", "organization", "limit", "before"})),
      options);
  if (!shown.has_value()) {
    return;
  }
  print_marks(*shown);
}

}  // namespace directory
