// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/job_progress.h"
#include "directory/commands/text_table.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

// Options with the field that each is.
constexpr auto kFields =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"message-id", "message_id"},
                                                                  {"detection", "detection"},
                                                                  {"sender", "sender"},
                                                                  {"subject", "subject"},
                                                                  {"directory", "directory"},
                                                                  {"to", "destination"}});

std::string body_of(const AdminOptions& options) {
  json::object body;
  for (const auto& [option, field] : kFields) {
    if (options.has(option)) {
      body[field] = options.value(option);
    }
  }
  if (const auto recipients = options.values.find("rcpt"); recipients != options.values.end()) {
    json::array list;
    for (const std::string& address : recipients->second) {
      list.emplace_back(address);
    }
    body["recipients"] = std::move(list);
  }
  return json::serialize(body);
}

// Adds the copies of the next page to those of the pages before it.
void append_copies(json::object& whole, json::object page) {
  if (whole.empty()) {
    whole = std::move(page);
    return;
  }
  json::array& copies = whole.at("copies").as_array();
  for (json::value& copy : page.at("copies").as_array()) {
    copies.push_back(std::move(copy));
  }
}

// A search or a pull with all of its copies; `name` is what the answer calls it.
std::optional<json::object> read_whole(AdminSession& session, const std::string& path) {
  json::object whole;
  std::string after;
  do {
    const std::string page_of = with_parameter(path, "limit", "1000");
    const auto body =
        session.get(after.empty() ? page_of : with_parameter(page_of, "after", after));
    if (!body.has_value()) {
      return std::nullopt;
    }
    json::object page = json::parse(*body).as_object();
    const json::value next = page.at("next");
    after = next.is_null() ? "" : std::string{next.as_string()};
    append_copies(whole, std::move(page));
  } while (!after.empty());
  whole["next"] = nullptr;
  return whole;
}

// What people must know beside the copies.
void print_notes(const json::value& pull) {
  for (const json::value& group : pull.at("groups").as_array()) {
    print_line(fmt::format("{} is the group {}: {} members",
                           text_of(group, "address"),
                           text_of(group, "name"),
                           number_of(group, "members")));
  }
  for (const json::value& address : pull.at("unknown").as_array()) {
    print_line(fmt::format("{} is not in the directory", std::string{address.as_string()}));
  }
  if (const auto unlisted = number_of(pull, "unlisted"); unlisted > 0) {
    print_line(fmt::format("the detection does not list {} more recipients; name them with --rcpt",
                           unlisted));
  }
  if (const std::string other = text_of(pull, "disagreement"); !other.empty()) {
    print_line("different messages have this Message-ID: " + other +
               "; say which one is meant with --sender and --subject");
  }
  if (const std::string failure = text_of(pull, "failure"); !failure.empty()) {
    print_line(failure);
  }
}

void print_whole(const json::object& whole, std::string_view name) {
  const json::value& pull = whole.at(name);
  TextTable table{{"MAILBOX", "STATE", "FOLDER", "RECEIVED", "SENDER", "SUBJECT", "NOTE"}};
  for (const json::value& copy : whole.at("copies").as_array()) {
    const auto received = number_of(copy, "received");
    table.add({text_of(copy, "mailbox"),
               text_of(copy, "state"),
               text_of(copy, "folder"),
               received == 0 ? "" : shown_time(received),
               text_of(copy, "sender"),
               text_of(copy, "subject"),
               text_of(copy, "why")});
  }
  table.print();
  print_notes(pull);
  print_line(fmt::format("{}; {} of {} mailboxes were searched",
                         text_of(pull, "summary"),
                         number_of(pull, "searched"),
                         number_of(pull, "mailboxes")));
}

void show_whole(AdminSession& session,
                const AdminOptions& options,
                const std::string& path,
                std::string_view name) {
  const auto whole = read_whole(session, path);
  if (!whole.has_value()) {
    return;
  }
  if (options.has("json")) {
    fmt::print("{}\n", json::serialize(*whole));
  } else {
    print_whole(*whole, name);
  }
}

std::string path_of_pull(const AdminOptions& options) {
  return api_path({"messages", "pulls", options.arguments.at(0)});
}

// Begins to pull or restore, and waits for it if that is wanted.
void begin_pull(AdminSession& session,
                const AdminOptions& options,
                const std::string& path,
                const std::string& body) {
  const auto answer = session.send("POST", path, body);
  if (!answer.has_value()) {
    return;
  }
  const json::value begun = json::parse(*answer);
  if (!options.has("wait")) {
    if (options.has("json")) {
      fmt::print("{}\n", *answer);
    } else {
      fmt::print(
          "pull {} has begun as job {}\n", number_of(begun, "number"), number_of(begun, "job"));
    }
    return;
  }
  if (!wait_for_job(session, begun.at("job").to_number<std::uint64_t>()).has_value()) {
    return;
  }
  const auto whole =
      read_whole(session, fmt::format("/api/v1/messages/pulls/{}", number_of(begun, "number")));
  if (!whole.has_value()) {
    return;
  }
  const json::value& pull = whole->at("pull");
  if (options.has("json")) {
    fmt::print("{}\n", json::serialize(*whole));
  } else {
    print_notes(pull);
    print_line(fmt::format("pull {}: {}", number_of(pull, "number"), text_of(pull, "summary")));
  }
  if (pull.at("counts").as_object().contains("failed")) {
    session.fail(ExitStatus::kUnavailable,
                 fmt::format("some copies or mailboxes failed; see: messages show {}",
                             number_of(pull, "number")));
  }
}

}  // namespace

void messages_find(AdminSession& session, const AdminOptions& options) {
  const auto answer = session.send("POST", "/api/v1/messages/searches", body_of(options));
  if (!answer.has_value()) {
    return;
  }
  const json::value begun = json::parse(*answer);
  if (!wait_for_job(session, begun.at("job").to_number<std::uint64_t>()).has_value()) {
    return;
  }
  show_whole(session,
             options,
             fmt::format("/api/v1/messages/searches/{}", number_of(begun, "number")),
             "search");
}

void messages_pull(AdminSession& session, const AdminOptions& options) {
  begin_pull(session, options, "/api/v1/messages/pulls", body_of(options));
}

void messages_list(AdminSession& session, const AdminOptions& options) {
  const auto shown = to_show(
      session.get(with_options("/api/v1/messages/pulls", options, {"limit", "before"})), options);
  if (!shown.has_value()) {
    return;
  }
  TextTable table{{"PULL", "WHEN", "WHO", "STATE", "MESSAGE-ID", "COPIES"}};
  for (const json::value& pull : shown->at("pulls").as_array()) {
    table.add({std::to_string(number_of(pull, "number")),
               shown_time(number_of(pull, "begun")),
               text_of(pull, "who"),
               text_of(pull, "state"),
               text_of(pull, "message_id"),
               text_of(pull, "summary")});
  }
  table.print();
}

void messages_show(AdminSession& session, const AdminOptions& options) {
  show_whole(session, options, path_of_pull(options), "pull");
}

void messages_restore(AdminSession& session, const AdminOptions& options) {
  begin_pull(session, options, path_of_pull(options) + "/restore", "{}");
}

}  // namespace directory
