// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/text_table.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

std::string target_of(const AdminOptions& options, const std::vector<std::string>& path) {
  return with_options(api_path(path), options, {"organization", "days", "mode"});
}

void print_ranking(const json::value& ranking, std::string_view heading, std::string_view member) {
  TextTable table{{std::string{heading}, "FINDINGS"}};
  for (const json::value& each : ranking.at("names").as_array()) {
    table.add({text_of(each, member), std::to_string(number_of(each, "total"))});
  }
  const auto uncounted = ranking.at("uncounted").to_number<std::uint64_t>();
  if (uncounted > 0) {
    table.add({"(seen seldom)", std::to_string(uncounted)});
  }
  table.print();
}

// What the days add up to, by one of their breakdowns.
void print_sums(const json::value& answer, std::string_view heading, std::string_view member) {
  std::map<std::string, std::uint64_t> sums;
  for (const json::value& day : answer.at("days").as_array()) {
    for (const auto& [word, times] : day.at(member).as_object()) {
      sums[std::string{word}] += times.to_number<std::uint64_t>();
    }
  }
  TextTable table{{std::string{heading}, "FINDINGS"}};
  for (const auto& [word, times] : sums) {
    table.add({word, std::to_string(times)});
  }
  table.print();
}

}  // namespace

void detections_statistics(AdminSession& session, const AdminOptions& options) {
  const auto answer =
      to_show(session.get(target_of(options, {"statistics", "detections"})), options);
  if (!answer.has_value()) {
    return;
  }
  if (!answer->at("complete").as_bool()) {
    fmt::print(stderr, "older findings are still being counted\n");
  }
  print_sums(*answer, "FINDING", "findings");
  print_sums(*answer, "MATCH", "matches");
  print_ranking(answer->at("people"), "PERSON", "person");
  print_ranking(answer->at("senders"), "ADDRESS", "address");
}

void detections_suggestions(AdminSession& session, const AdminOptions& options) {
  const auto answer = to_show(session.get(target_of(options, {"suggestions"})), options);
  if (!answer.has_value()) {
    return;
  }
  TextTable table{{"ADDRESS", "MAY BE", "OF", "ORGANIZATION", "MESSAGES", "DAYS", "LAST"}};
  for (const json::value& each : answer->at("suggestions").as_array()) {
    std::string people;
    for (const json::value& person : each.at("people").as_array()) {
      people += (people.empty() ? "" : ", ") + std::string{person.as_string()};
    }
    const bool is_service = each.at("kind").as_string() == "service";
    table.add({text_of(each, "address"),
               is_service ? "a service" : "a secondary email",
               people,
               text_of(each, "organization"),
               std::to_string(number_of(each, "times")),
               std::to_string(number_of(each, "days")),
               shown_time(each.at("last").to_number<std::int64_t>())});
  }
  table.print();
}

}  // namespace directory
