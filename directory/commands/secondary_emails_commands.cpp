// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/email_list_file.h"
#include "directory/commands/found_names.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"
#include "policy/mail_address.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
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

std::vector<std::string> texts_of(const json::value& list) {
  std::vector<std::string> texts;
  for (const json::value& each : list.as_array()) {
    texts.emplace_back(each.as_string());
  }
  return texts;
}

bool contains(const std::vector<std::string>& texts, const std::string& text) {
  return std::ranges::find(texts, text) != texts.end();
}

std::string emails_path(const FoundName& person) {
  return person.path("people", {"secondary-emails"});
}

void print_emails(const std::string& body, bool is_json) {
  if (is_json) {
    fmt::print("{}\n", body);
    return;
  }
  const json::value emails = json::parse(body);
  for (const std::string& address : texts_of(emails.at("declared"))) {
    print_line(address + "  (directory.yaml)");
  }
  for (const std::string& address : texts_of(emails.at("added"))) {
    print_line(address);
  }
}

void put(AdminSession& session,
         const AdminOptions& options,
         const FoundName& person,
         const std::vector<std::string>& addresses) {
  const json::object body{{"addresses", json::array(addresses.begin(), addresses.end())}};
  const auto answer = session.send("PUT", emails_path(person), json::serialize(body));
  if (answer.has_value()) {
    print_emails(*answer, options.has("json"));
  }
}

// The number of the entry that a pointer of a refusal names.
std::optional<std::size_t> entry_of(std::string_view pointer) {
  constexpr std::string_view kStart = "/entries/";
  std::size_t number = 0;
  if (!pointer.starts_with(kStart)) {
    return std::nullopt;
  }
  pointer.remove_prefix(kStart.size());
  const auto read = std::from_chars(pointer.data(), pointer.data() + pointer.size(), number);
  return read.ptr == pointer.data() ? std::nullopt : std::optional{number};
}

json::object import_body(const std::vector<EmailListEntry>& entries) {
  json::array array;
  for (const EmailListEntry& entry : entries) {
    array.emplace_back(json::object{{"person", entry.person}, {"address", entry.address}});
  }
  json::object body;
  body["entries"] = std::move(array);
  return body;
}

}  // namespace

void secondary_emails_list(AdminSession& session, const AdminOptions& options) {
  const auto person = find_person(session, options, options.arguments.at(0));
  const auto body = person.has_value() ? session.get(emails_path(*person)) : std::nullopt;
  if (body.has_value()) {
    print_emails(*body, options.has("json"));
  }
}

void secondary_emails_add(AdminSession& session, const AdminOptions& options) {
  const auto person = find_person(session, options, options.arguments.at(0));
  const auto body = person.has_value() ? session.get(emails_path(*person)) : std::nullopt;
  if (body.has_value()) {
    std::vector<std::string> addresses{options.arguments.begin() + 1, options.arguments.end()};
    const auto before = texts_of(json::parse(*body).at("added"));
    addresses.insert(addresses.end(), before.begin(), before.end());
    put(session, options, *person, addresses);
  }
}

void secondary_emails_remove(AdminSession& session, const AdminOptions& options) {
  const auto person = find_person(session, options, options.arguments.at(0));
  const auto body = person.has_value() ? session.get(emails_path(*person)) : std::nullopt;
  if (!body.has_value()) {
    return;
  }
  const json::value emails = json::parse(*body);
  const auto declared = texts_of(emails.at("declared"));
  auto added = texts_of(emails.at("added"));
  for (std::size_t i = 1; i < options.arguments.size(); ++i) {
    const std::string address = policy::canonical_address(options.arguments[i]);
    if (contains(declared, address)) {
      session.fail(ExitStatus::kBadData,
                   "directory.yaml declares " + address +
                       " under secondary_emails of organization " + person->organization +
                       "; remove it there");
      return;
    }
    if (std::erase(added, address) == 0) {
      session.fail(ExitStatus::kNoInput, address + " is no secondary email of " + person->name);
      return;
    }
  }
  put(session, options, *person, added);
}

void secondary_emails_import(AdminSession& session, const AdminOptions& options) {
  const std::string file = options.arguments.at(0);
  const auto entries = read_email_list(file, options.value("person"));
  if (!entries.has_value()) {
    session.fail(policy::exit_status_of(entries.error().code), entries.error().message);
    return;
  }
  const auto body = session.send(
      "POST", "/api/v1/secondary-emails/import", json::serialize(import_body(*entries)));
  if (!body.has_value()) {
    const auto number = entry_of(session.refused_field());
    if (number.has_value() && *number < entries->size()) {
      const EmailListEntry& entry = (*entries)[*number];
      session.fail(session.status(),
                   fmt::format("{}:{}: {} for {}; nothing was imported",
                               file,
                               entry.line,
                               entry.address,
                               entry.person));
    }
    return;
  }
  if (to_show(body, options).has_value()) {
    fmt::print("imported {} addresses\n", entries->size());
  }
}

void secondary_emails_export(AdminSession& session, const AdminOptions& options) {
  if (!options.arguments.empty()) {
    const auto person = find_person(session, options, options.arguments.at(0));
    const auto emails =
        to_show(person.has_value() ? session.get(emails_path(*person)) : std::nullopt, options);
    if (!emails.has_value()) {
      return;
    }
    for (const std::string& address : texts_of(emails->at("added"))) {
      print_line(address);
    }
    return;
  }
  const auto parsed = to_show(session.get("/api/v1/secondary-emails"), options);
  if (!parsed.has_value()) {
    return;
  }
  fmt::print("Email,Secondary_Emails\n");
  for (const json::value& each : parsed->at("people").as_array()) {
    if (!each.at("declared").as_bool()) {
      print_line(fmt::format("{},{}",
                             std::string{each.at("email").as_string()},
                             fmt::join(texts_of(each.at("addresses")), ";")));
    }
  }
}

}  // namespace directory
