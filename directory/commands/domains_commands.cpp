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
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

bool is_set(const json::value& value, std::string_view name) {
  const json::value* found = value.as_object().if_contains(name);
  return found != nullptr && found->as_bool();
}

std::string relay_of(const json::value& domain) {
  if (!domain.at("imported").as_bool()) {
    return "not imported";
  }
  const std::string relay = domain.at("relay_enabled").as_bool() ? "enabled" : "disabled";
  return is_set(domain, "gone") ? relay + ", gone from the tenant" : relay;
}

std::string next_hop_of(const json::value& domain) {
  const std::string override = text_of(domain, "next_hop_override");
  return override.empty() ? text_of(domain, "next_hop") : override + " (set by command)";
}

// Empty for a domain that is not watched.
std::string standing_of(const json::value& domain) {
  const json::value* mx = domain.as_object().if_contains("mx");
  return mx == nullptr ? "" : text_of(*mx, "standing");
}

// `MX elsewhere: 10 mx1.example, 20 mx2.example`
std::string mx_of(const json::value& mx) {
  std::string text = "MX " + text_of(mx, "standing");
  std::string_view separator = ": ";
  for (const json::value& each : mx.at("hosts").as_array()) {
    text += separator;
    text += std::to_string(each.at("preference").as_int64()) + " " + text_of(each, "host");
    separator = ", ";
  }
  const std::int64_t ready_at = mx.at("ready_at").as_int64();
  return ready_at == 0 ? text : text + "; the one before is forgotten at " + shown_time(ready_at);
}

void print_spf(const json::array& checks) {
  if (checks.empty()) {
    print_line(
        "SPF is not checked: name the gateway's addresses in gateway_addresses of "
        "directory.yaml");
    return;
  }
  TextTable table{{"ADDRESS", "OF", "SPF", "WHY"}};
  for (const json::value& each : checks) {
    table.add({text_of(each, "address"),
               text_of(each, "network"),
               text_of(each, "result"),
               text_of(each, "explanation")},
              text_of(each, "result") == "pass");
  }
  table.print();
}

void print_changed(const std::optional<std::string>& body, const AdminOptions& options) {
  if (const auto domain = to_show(body, options); domain.has_value()) {
    print_line(text_of(*domain, "domain") + ": relay " + relay_of(*domain) + ", next hop " +
               next_hop_of(*domain));
  }
}

}  // namespace

void domains_list(AdminSession& session, const AdminOptions& options) {
  const auto parsed = to_show(session.get("/api/v1/domains"), options);
  if (!parsed.has_value()) {
    return;
  }
  TextTable table{{"DOMAIN", "DIRECTORY", "NEXT HOP", "MX", "RELAY"}};
  for (const json::value& each : parsed->at("domains").as_array()) {
    const std::string directory = text_of(each, "directory");
    table.add({text_of(each, "domain"),
               text_of(each, "organization") + (directory.empty() ? "" : "/" + directory),
               next_hop_of(each),
               standing_of(each),
               relay_of(each)},
              each.at("relay_enabled").as_bool());
  }
  table.print();
}

void domains_check(AdminSession& session, const AdminOptions& options) {
  const auto checked = to_show(
      session.send("POST", api_path({"domains", options.arguments.at(0), "check"})), options);
  if (!checked.has_value()) {
    return;
  }
  print_line(text_of(*checked, "domain") + ": " + mx_of(checked->at("mx")));
  const std::string failure = text_of(*checked, "failure");
  if (!failure.empty()) {
    print_line("That is what was seen before: " + failure);
  }
  print_spf(checked->at("spf").as_array());
}

void domains_enable(AdminSession& session, const AdminOptions& options) {
  print_changed(session.send("POST", api_path({"domains", options.arguments.at(0), "enable"})),
                options);
}

void domains_disable(AdminSession& session, const AdminOptions& options) {
  print_changed(session.send("POST", api_path({"domains", options.arguments.at(0), "disable"})),
                options);
}

void domains_next_hop(AdminSession& session, const AdminOptions& options) {
  const json::object body{{"host", options.arguments.at(1)}};
  print_changed(
      session.send(
          "PUT", api_path({"domains", options.arguments.at(0), "next-hop"}), json::serialize(body)),
      options);
}

}  // namespace directory
