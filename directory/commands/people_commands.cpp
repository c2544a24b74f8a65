// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/found_names.h"
#include "directory/commands/pages.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::size_t kShown = 50;

std::string joined(const json::value& list, std::string_view name) {
  std::string text;
  for (const json::value& each : list.as_array()) {
    text += (text.empty() ? "" : ", ") +
            (name.empty() ? std::string{each.as_string()} : text_of(each, name));
  }
  return text;
}

// How somebody is protected, in the words of the list.
std::string marker_of(const json::value& protection, bool is_direct) {
  if (!protection.at("protected").as_bool()) {
    return "";
  }
  return is_direct ? "protected (direct)"
                   : "protected (via " + joined(protection.at("via"), "name") + ")";
}

bool is_direct_group(const json::value& protection) {
  return protection.at("declared").as_bool() || protection.at("added").as_bool();
}

// Prints the answer of a search as a table.
void print_found(const json::value& answer, std::string_view list, bool is_group) {
  TextTable table{{"NAME", "ADDRESS", "DIRECTORY", "ID", "PROTECTION"}};
  for (const json::value& each : answer.at(list).as_array()) {
    const json::value& protection = each.at("protection");
    const bool is_direct =
        is_group ? is_direct_group(protection) : protection.at("direct").as_bool();
    table.add({text_of(each, "name"),
               text_of(each, "mail"),
               text_of(each, "organization") + "/" + text_of(each, "directory"),
               text_of(each, "id"),
               marker_of(protection, is_direct)},
              true);
  }
  table.print();
  if (!answer.at("next").is_null()) {
    fmt::print(stderr, "there are more; search for a longer text or raise --limit\n");
  }
}

// What --limit says; nothing if that is no number from 1.
std::optional<std::size_t> wanted_entries(AdminSession& session,
                                          const AdminOptions& options,
                                          std::size_t otherwise) {
  if (!options.has("limit")) {
    return otherwise;
  }
  const std::string text = options.value("limit");
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number == 0) {
    session.fail(policy::ExitStatus::kUsage, "--limit takes a number from 1, not " + text);
    return std::nullopt;
  }
  return number;
}

void search(AdminSession& session, const AdminOptions& options, const std::string& kind) {
  const std::string target = with_options(
      with_parameter(api_path({kind}), "search", options.arguments.at(0)), options, {"directory"});
  const auto most = wanted_entries(session, options, kShown);
  auto pages = most.has_value() ? get_pages(session, target, kind, *most) : std::nullopt;
  if (!pages.has_value()) {
    return;
  }
  const json::object answer = std::move(*pages).to_json(kind);
  if (options.has("json")) {
    fmt::print("{}\n", json::serialize(answer));
  } else {
    print_found(answer, kind, kind == "groups");
  }
}

std::string protection_path(const FoundName& found, const std::string& kind) {
  return api_path({"protections", found.organization, found.directory, kind, found.id});
}

void change_protection(AdminSession& session,
                       const AdminOptions& options,
                       const std::optional<FoundName>& found,
                       const std::string& kind,
                       const std::string& method) {
  if (!found.has_value()) {
    return;
  }
  const auto shown = to_show(session.send(method, protection_path(*found, kind)), options);
  if (!shown.has_value()) {
    return;
  }
  const bool is_changed = shown->at("changed").as_bool();
  const std::string what = method == "PUT" ? "protected" : "unprotected";
  print_line(found->name + (is_changed ? " is now " : " was already ") + what);
}

void print_person(const json::value& person) {
  const json::value& emails = person.at("secondary_emails");
  const json::value& protection = person.at("protection");
  const std::string marker = marker_of(protection, protection.at("direct").as_bool());
  for (const auto& [title, text] :
       {std::pair{"name", text_of(person, "name")},
        std::pair{"directory",
                  text_of(person, "organization") + "/" + text_of(person, "directory")},
        std::pair{"id", text_of(person, "id")},
        std::pair{"addresses", joined(person.at("addresses"), "")},
        std::pair{"groups", joined(person.at("groups"), "name")},
        std::pair{"protection", marker.empty() ? "not protected" : marker},
        std::pair{"secondary emails (directory.yaml)", joined(emails.at("declared"), "")},
        std::pair{"secondary emails (added)", joined(emails.at("added"), "")},
        std::pair{"suggestions", joined(person.at("suggestions"), "")}}) {
    print_line(std::string{title} + ": " + (text.empty() ? "-" : text));
  }
}

void print_members(const json::value& group) {
  TextTable table{{"KIND", "NAME", "ADDRESS", "ID"}};
  for (const json::value& each : group.at("members").as_array()) {
    table.add(
        {text_of(each, "kind"), text_of(each, "name"), text_of(each, "mail"), text_of(each, "id")});
  }
  table.print();
  if (!group.at("next").is_null()) {
    fmt::print(stderr, "there are more members; go on with --after ID\n");
  }
}

}  // namespace

void groups_search(AdminSession& session, const AdminOptions& options) {
  search(session, options, "groups");
}

void people_search(AdminSession& session, const AdminOptions& options) {
  search(session, options, "people");
}

void groups_show(AdminSession& session, const AdminOptions& options) {
  const auto found = find_group(session, options, options.arguments.at(0));
  if (!found.has_value()) {
    return;
  }
  const auto body = session.get(found->path("groups"));
  const std::string limit = options.has("limit") ? options.value("limit") : "200";
  const auto members = body.has_value()
                           ? session.get(with_parameter(
                                 with_parameter(found->path("groups", {"members"}), "limit", limit),
                                 "after",
                                 options.value("after")))
                           : std::nullopt;
  if (!members.has_value()) {
    return;
  }
  json::value group = json::parse(*body);
  const json::value page = json::parse(*members);
  for (const auto& [name, value] : page.as_object()) {
    group.as_object()[name] = value;
  }
  if (options.has("json")) {
    fmt::print("{}\n", json::serialize(group));
    return;
  }
  const json::value& protection = group.at("protection");
  const std::string marker = marker_of(protection, is_direct_group(protection));
  print_line(text_of(group, "name") + ": " + (marker.empty() ? "not protected" : marker));
  print_members(group);
}

void people_show(AdminSession& session, const AdminOptions& options) {
  const auto found = find_person(session, options, options.arguments.at(0));
  const auto body = found.has_value() ? session.get(found->path("people")) : std::nullopt;
  if (const auto person = to_show(body, options); person.has_value()) {
    print_person(*person);
  }
}

void groups_protect(AdminSession& session, const AdminOptions& options) {
  const auto found = find_group(session, options, options.arguments.at(0));
  change_protection(session, options, found, "group", "PUT");
}

void groups_unprotect(AdminSession& session, const AdminOptions& options) {
  const auto found = find_group(session, options, options.arguments.at(0));
  change_protection(session, options, found, "group", "DELETE");
}

void people_protect(AdminSession& session, const AdminOptions& options) {
  const auto found = find_person(session, options, options.arguments.at(0));
  change_protection(session, options, found, "person", "PUT");
}

void people_unprotect(AdminSession& session, const AdminOptions& options) {
  const auto found = find_person(session, options, options.arguments.at(0));
  change_protection(session, options, found, "person", "DELETE");
}

}  // namespace directory
